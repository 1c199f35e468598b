"""Ledger of the learning rate, or of what a training tunes instead: every trial, per arm."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullFormatter

from experiments.analysis.ledger import binned
from pipeline.results.figures.kind import kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.style import INK, focus_on_best, key_below, looks, one_axes
from pipeline.results.figures.svg import hover
from pipeline.results.text.titles import factor_title


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
    axes.xaxis.set_major_formatter(FuncFormatter(lambda rate, _: f"{rate:g}".replace("e-0", "e-")))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlim(tuning[field].min() / 1.5, tuning[field].max() * 1.5)
    focus_on_best(axes, scale * tuning["value"], measure.response.sign)
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
