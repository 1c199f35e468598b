"""Effect forest: what each component does to accuracy in one dataset, with intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pipeline.results.figures.style import FAINT, GREEN, INK, MUTED, VERDICTS, say
from pipeline.results.text.rounding import difference


def effect_forest(axes: Axes, effects: pd.DataFrame, *, dataset: str, response: str) -> Axes:
    """Draw main effects in percentage points, one row per component.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    effects : DataFrame
        One dataset's rows of the effects table with `title` added.
    dataset, response : str
        Named in the title, on the axis.

    Returns
    -------
    Axes
        The thick line is the interval over replicates, the thin line the crossed interval over
        replicates and test images, the band the equivalence margin; hollow marks are
        inconclusive.
    """
    rows = effects[effects["effect_pp"].notna()].iloc[::-1].reset_index(drop=True)
    margin = float(effects["margin_pp"].iloc[0])
    axes.axvspan(-margin, margin, color=GREEN, alpha=0.10, lw=0)
    axes.axvline(0, color=MUTED, lw=1)
    for y, row in rows.iterrows():
        _row(axes, float(str(y)), row)
    axes.set_yticks(range(len(rows)), rows["title"])
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(f"effect on {response} (percentage points); right of 0 = better")
    _limits(axes, rows, margin)
    blocks = _range(rows["n"])
    crossed = rows["images_ci_low_pp"].notna().any()
    caption = f"n = {blocks} paired replicates; thick: {_level(effects)} interval (Student's t)"
    caption += "; thin: with test-image sampling" * bool(crossed)
    caption += f"\nband: equivalence margin ±{margin:g} pp; hollow: inconclusive"
    say(axes, f"What each component does · {dataset}", caption)
    return axes


def _row(axes: Axes, y: float, row: pd.Series) -> None:
    colour, marker = VERDICTS.get(str(row["verdict"]), (MUTED, "o"))
    if np.isfinite(row["images_ci_low_pp"]):
        axes.plot([row["images_ci_low_pp"], row["images_ci_high_pp"]], [y, y], color=colour, lw=1)
    if np.isfinite(row["ci_low_pp"]):
        axes.plot([row["ci_low_pp"], row["ci_high_pp"]], [y, y], color=colour, lw=3.2)
    hollow = row["verdict"] == "inconclusive"
    face = "white" if hollow else colour
    axes.plot(row["effect_pp"], y, marker, ms=7.5, mfc=face, mec=colour, mew=1.6)
    text = difference(row["effect_pp"], row["ci_low_pp"], row["ci_high_pp"])
    for right, words, ink in ((8, text, INK), (132, str(row["verdict"]), colour)):
        axes.annotate(
            words,
            (1, y),
            xytext=(right, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=ink,
            annotation_clip=False,
            fontweight="bold" if ink == colour and not hollow else "normal",
        )
    axes.axhline(y - 0.5, color=FAINT, lw=0.4)


def _limits(axes: Axes, rows: pd.DataFrame, margin: float) -> None:
    # One wide interval must not squeeze the others to dots: it is cut at 2.5 × the largest effect,
    # where an arrow says that it goes on.
    edges = rows[["ci_low_pp", "ci_high_pp", "images_ci_low_pp", "images_ci_high_pp"]].to_numpy()
    effects = rows["effect_pp"].to_numpy()
    reach = 2.5 * float(np.max(np.abs([*effects, margin])))
    inside = np.clip(edges[np.isfinite(edges)], -reach, reach)
    values = np.concatenate([inside, effects, [-1.3 * margin, 1.3 * margin]])
    pad = 0.05 * float(np.ptp(values))
    axes.set_xlim(values.min() - pad, values.max() + pad)
    for y, (low, high) in enumerate(rows[["ci_low_pp", "ci_high_pp"]].to_numpy()):
        for end, edge, mark in ((low, -reach, "<"), (high, reach, ">")):
            if abs(end) > reach and end * edge > 0:
                axes.plot(edge, y, mark, ms=6, color=INK, clip_on=False)


def _range(values: pd.Series) -> str:
    low, high = int(values.min()), int(values.max())
    return str(low) if low == high else f"{low}–{high}"


def _level(effects: pd.DataFrame) -> str:
    return f"{100 * (1 - float(effects['alpha'].iloc[0])):g} %"
