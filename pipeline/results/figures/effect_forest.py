"""Effect forest: what each component does to accuracy in one dataset, with intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline.results.figures.kind import kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.rows import note_row, row_axes
from pipeline.results.figures.style import GREEN, INK, MUTED, PAPER, VERDICTS
from pipeline.results.figures.svg import hover
from pipeline.results.text.estimates import EFFECT, numbers_of
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import difference

_ENDS = ["ci_low_pp", "ci_high_pp", "images_ci_low_pp", "images_ci_high_pp"]


@kind(
    "What each component does",
    "Each row is a component's main effect: the mean difference between cells that differ in it "
    "alone, paired inside replicates.",
    "cells",
)
def effect_forest(figure: Figure, m: Material) -> str | None:
    """Draw main effects in the unit of the response, one row per component.

    The thick line is the interval over replicates, the thin line the crossed interval over
    replicates and test images, the band the equivalence margin; hollow marks are inconclusive.
    """
    effects, measure = m.of("effects"), m.measure
    rows = effects[effects["effect_pp"].notna()]
    if rows.empty:
        return None
    better = "right" if measure.response.sign > 0 else "left"
    on = measure.head(f"effect on {measure.title}", difference=True)
    axes = row_axes(figure, rows["title"].tolist(), f"{on}; {better} of 0 = better")
    margin = float(rows["margin_pp"].iloc[0])
    axes.axvspan(-margin, margin, color=GREEN, alpha=0.12, lw=0)
    axes.axvline(0, color=MUTED, lw=1)
    for y, row in enumerate(rows.to_dict("records")):
        _row(axes, y, row, measure)
    _limits(axes, rows, margin)
    crossed = rows["images_ci_low_pp"].notna().any()
    level = f"{100 * (1 - (rows['alpha'] / rows['n_looks']).min()):.4g} %"
    n = "–".join(map(str, dict.fromkeys((rows["n"].min(), rows["n"].max()))))
    return (
        f"n = {n} paired replicate{'s' * (n != '1')}; thick: {level} interval (Student's t)"
        + "; thin: with test-image sampling" * bool(crossed)
        + f"\nband: equivalence margin ±{margin:g}{measure.step}; hollow: inconclusive"
    )


def _row(axes: Axes, y: int, row: dict, measure: Measure) -> None:
    colour, marker = VERDICTS[row["verdict"]]
    axes.plot([row["images_ci_low_pp"], row["images_ci_high_pp"]], [y, y], color=colour, lw=1)
    axes.plot([row["ci_low_pp"], row["ci_high_pp"]], [y, y], color=colour, lw=3.6)
    hollow = row["verdict"] == "inconclusive"
    face = PAPER if hollow else colour
    (mark,) = axes.plot(row["effect_pp"], y, marker, ms=8, mfc=face, mec=colour, mew=1.6)
    text = difference(*numbers_of(row, EFFECT))
    hover(mark, [f"{row['title']}: {text}{measure.step}, {row['verdict']}, n = {row['n']}"])
    note_row(axes, y, text)
    axes.annotate(
        row["verdict"], (1, y), xytext=(-3, 9), xycoords=("axes fraction", "data"),
        textcoords="offset points", ha="right", va="center", color=colour, zorder=5,
        fontweight="normal" if hollow else "bold",
    )  # fmt: skip


def _limits(axes: Axes, rows: pd.DataFrame, margin: float) -> None:
    # One wide interval must not squeeze the others to dots: it is cut at 2.5 × the largest effect,
    # where an arrow says that it goes on.
    edges = rows[_ENDS].to_numpy(float)
    effects = rows["effect_pp"].to_numpy(float)
    reach = 2.5 * float(np.max(np.abs([*effects, margin])))
    inside = np.clip(edges[np.isfinite(edges)], -reach, reach)
    values = np.concatenate([inside, effects, [-1.3 * margin, 1.3 * margin]])
    pad = 0.05 * float(np.ptp(values))
    axes.set_xlim(values.min() - pad, values.max() + pad)
    for y, (low, high) in enumerate(rows[["ci_low_pp", "ci_high_pp"]].to_numpy(float)):
        for end, edge, mark in ((low, -reach, "<"), (high, reach, ">")):
            if abs(end) > reach and end * edge > 0:
                axes.plot(edge, y, mark, ms=6, color=INK, clip_on=False)
