"""Where a run's time goes: phases of the baseline and of each component added to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from pipeline.results.figures.intervals import interval
from pipeline.results.figures.style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    SKY,
    broken,
    key_below,
)
from pipeline.results.figures.svg import hover
from pipeline.results.text.rounding import seconds

PHASES = {
    "data_s": ("data, augmentation", SKY),
    "forward_s": ("forward", BLUE),
    "backward_s": ("backward", ORANGE),
    "update_s": ("update", GREEN),
    "evaluation_s": ("evaluation", PURPLE),
    "other_s": ("other", MUTED),
}


def run_time(axes: Axes, runs: pd.DataFrame, *, cells: Sequence[str], alpha: float) -> str:
    """Draw mean seconds per phase, stacked, one bar per cell, with the interval of their sum.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    runs : DataFrame
        One dataset's runs.
    cells : sequence of str
        From top to bottom.
    alpha : float
        Intervals cover 1 − alpha.

    Returns
    -------
    str
        The caption.
    """
    ok = runs[(runs["status"] == "ok") & runs["cell"].isin(cells)]
    groups = ok.groupby("cell")[list(PHASES)]
    means = groups.mean().reindex([cell for cell in cells if cell in groups.groups])
    names = [broken(cell.replace("+", " + "), 17) for cell in means.index]
    left = np.zeros(len(means))
    for phase, (name, ink) in PHASES.items():
        width = means[phase].fillna(0).to_numpy()
        bars = axes.barh(names, width, left=left, color=ink, height=0.55, edgecolor=PAPER, lw=0.7)
        for bar, part in zip(bars, width, strict=True):
            hover(bar, [f"{name}: {seconds(part)}"])
        left += width
    reach = left.max()
    for y, (cell, total) in enumerate(zip(means.index, left, strict=True)):
        sums = ok.loc[ok["cell"] == cell, list(PHASES)].sum(axis=1).to_numpy()
        _, low, high = interval(sums[:, None], alpha=alpha)
        axes.plot([low[0], high[0]], [y, y], color=INK, lw=1.6, zorder=4)
        end = float(np.nanmax([total, high[0]]))
        reach = max(reach, end)
        axes.annotate(
            seconds(total), (end, y), xytext=(5, 0), textcoords="offset points", va="center"
        )
    axes.set_xlim(0, 1.3 * reach)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    axes.set_xlabel("wall seconds per run", loc="right")
    key_below(axes, [Patch(color=ink, label=name) for name, ink in PHASES.values()])
    shared = "; runs shared cores, so times include waiting" * bool(ok["shared_cores"].max())
    n = int(ok["cell"].value_counts().max())
    line = f"line: {100 * (1 - alpha):g} % interval of the sum" if n > 1 else "no interval"
    return f"means of n = {n} {'run' if n == 1 else 'runs'} per cell; {line} (Student's t){shared}"
