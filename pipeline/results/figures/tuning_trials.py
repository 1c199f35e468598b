"""What the tuning ledger shows: every trial, and whether another budget had changed the ranking."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from experiments import analysis
from experiments.analysis.ledger import binned
from pipeline.results.figures.material import Material, kind
from pipeline.results.figures.style import INK, key_below, looks, one_axes, short_power
from pipeline.results.figures.svg import hover
from pipeline.results.text.titles import factor_title
from pipeline.results.text.words import listed


@kind(
    "How the tuned value was chosen",
    "Every trial counts: an arm whose best value lies at the edge of the range was not tuned far "
    "enough.",
    "tuning trials",
)
def learning_rate_ledger(figure: Figure, m: Material) -> str | None:
    """Draw what chose over the field that is tuned, a point a trial, chosen ones marked.

    A frame marks the value that a block chose; trials that diverged are crosses at the edge of
    the worst values.
    """
    field, tuning, measure, scale = m.tuned, m.tuning, m.measure, m.measure.response.scale
    if tuning["value"].isna().all():
        return None
    arms, curves, title = looks(tuning["arm"]), binned(tuning, field), factor_title(field)
    axes = one_axes(figure, 3.0 + 0.22 * -(-len(arms) // 2))
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(short_power))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlim(tuning[field].min() / 1.5, tuning[field].max() * 1.5)
    _focus_on_best(axes, scale * tuning["value"], measure.response.sign)
    worst = axes.get_ylim()[measure.response.sign < 0]
    lines = []
    for arm, look in arms.items():
        rows = tuning[tuning["arm"] == arm]
        ok = rows[rows["value"].notna()]
        curve = curves[curves["arm"] == arm]
        line: dict[str, Any] = {"ls": look.line, "lw": 1.3, "color": look.ink}
        axes.plot(curve[field], scale * curve["value"], **line)
        mark: dict[str, Any] = {"marker": look.marker, "color": look.ink}
        tried, seen = ok[field], scale * ok["value"]
        marks = axes.scatter(tried, seen, s=9, alpha=0.3, linewidths=0, **mark)
        points = zip(tried, seen, strict=True)
        hover(marks, [f"{arm}, {title} {x:.3g}: {y:.4g}{measure.unit}" for x, y in points])
        lines.append(Line2D([], [], label=arm, marker=look.marker, **line))
        for x in rows.loc[rows["status"] == "diverged", field]:
            axes.plot(x, worst, "x", color=look.ink, clip_on=False)
        best = ok[ok["chosen"]]
        framed: dict[str, Any] = {"s": 24, "edgecolors": INK, "linewidths": 0.6}
        axes.scatter(best[field], scale * best["value"], **framed, **mark)
    axes.set_xlabel(f"{title} (log scale)")
    axes.set_ylabel(measure.head(measure.validation_title))
    key_below(axes, lines, columns=2)
    trials = int(tuning.groupby("arm")["trial"].nunique().max())
    return (
        f"{trials} trials per arm in each block, n = {tuning['replicate'].nunique()}; lines are "
        "means over parts of the range; framed: chosen in its block, × diverged"
    )


@kind(
    "Would another tuning budget have flipped the ranking?",
    "What the best of k trials would have been, had only k been made.",
    "tuning trials",
)
def conclusion_flip(figure: Figure, m: Material) -> str | None:
    """Draw the median best of k trials per arm, on validation data, with its band over blocks.

    Thin lines are the ends of the bands, which would cover each other.
    """
    if m.tuning["value"].isna().all() or m.tuning["arm"].nunique() < 2:
        return None
    sign, scale = m.measure.response.sign, m.measure.response.scale
    curve = analysis.conclusion_flip(m.tuning, sign=sign, confidence=1 - m.alpha)
    arms, lines = looks(m.tuning["arm"]), []
    axes = one_axes(figure, 3.0 + 0.22 * -(-len(arms) // 2))
    for arm, look in arms.items():
        rows = curve[curve["arm"] == arm].sort_values("k")
        style: dict[str, Any] = {"ls": look.line, "color": look.ink}
        median = scale * rows["median"]
        (line,) = axes.plot(rows["k"], median, marker=look.marker, ms=5, label=arm, **style)
        hover(line, [arm])
        for end in ("low", "high"):
            axes.plot(rows["k"], scale * rows[end], lw=0.8, alpha=0.8, **style)
        lines.append(line)
    drawn = pd.concat([curve["low"], curve["median"], curve["high"]])
    _focus_on_best(axes, scale * drawn, sign)
    axes.set_xlabel("trials per arm (k)")
    axes.set_ylabel(m.measure.head(f"best {m.measure.validation_title}"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    key_below(axes, lines, columns=2)
    return (
        f"median (thick) best of k out of {int(curve['n_trials'].max())} trials, with its band "
        f"over blocks (thin)\n{_leaders(curve)}"
    )


def _leaders(curve: pd.DataFrame) -> str:
    always = [str(arm) for arm, rows in curve.groupby("arm") if rows["leads"].all()]
    if always:
        lead = "leads" if len(always) == 1 else "lead together, within the noise,"
        return f"{listed(always)} {lead} at every budget"
    changes = analysis.flips(curve)
    if not changes:
        return "no arm leads: too few trials finished"
    return f"the lead changes: {listed([f'{arm} from k = {k}' for k, arm in changes])}"


def _focus_on_best(axes: Axes, values: pd.Series, sign: int) -> None:
    """Show the range near the best values: those far off would flatten the rest.

    `sign` is +1 where higher is better, −1 where lower is.
    """
    signed = sign * values.dropna()
    if signed.empty:
        return
    top = float(signed.max())
    floor = max(float(signed.min()), top - 3 * (top - float(signed.median())))
    pad = 0.06 * (top - floor) + 1e-3 * abs(top)
    axes.set_ylim(*sorted((sign * (floor - pad), sign * (top + pad))))
