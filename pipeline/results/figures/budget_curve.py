"""Conclusion-flip curve: the best value on validation data as the tuning budget grows."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.analysis import conclusion_flip as flip_curve
from experiments.analysis import flips
from pipeline.results.figures.kind import kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.style import focus_on_best, key_below, looks, one_axes
from pipeline.results.figures.svg import hover
from pipeline.results.text.words import listed


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
    response = m.measure.response
    curve = flip_curve(m.tuning, sign=response.sign, confidence=1 - m.alpha)
    arms, lines = looks(m.tuning["arm"]), []
    axes = one_axes(figure, 3.0 + 0.22 * -(-len(arms) // 2))
    for arm, look in arms.items():
        rows = curve[curve["arm"] == arm].sort_values("k")
        style: dict[str, Any] = {"ls": look.line, "color": look.ink}
        median = response.scale * rows["median"]
        (line,) = axes.plot(rows["k"], median, marker=look.marker, ms=5, label=arm, **style)
        hover(line, [arm])
        for end in ("low", "high"):
            axes.plot(rows["k"], response.scale * rows[end], lw=0.8, alpha=0.8, **style)
        lines.append(line)
    drawn = pd.concat([curve["low"], curve["median"], curve["high"]])
    focus_on_best(axes, response.scale * drawn, response.sign)
    axes.set_xlabel("trials per arm (k)")
    axes.set_ylabel(m.measure.head(f"best {m.measure.validation_title}"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    key_below(axes, lines, columns=2)
    trials = int(curve["n_trials"].max())
    return (
        f"median (thick) best of k out of {trials} trials, with its band over blocks (thin)\n"
        f"{_leaders(curve)}"
    )


def _leaders(curve: pd.DataFrame) -> str:
    always = [str(arm) for arm, rows in curve.groupby("arm") if rows["leads"].all()]
    if always:
        lead = "leads" if len(always) == 1 else "lead together, within the noise,"
        return f"{listed(always)} {lead} at every budget"
    changes = flips(curve)
    if not changes:
        return "no arm leads: too few trials finished"
    return f"the lead changes: {listed([f'{arm} from k = {k}' for k, arm in changes])}"
