"""Where a run's time goes: phases of the baseline and of each component added to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pipeline.results.figures.style import BLUE, GREEN, INK, ORANGE, PURPLE, SKY, say
from pipeline.results.text.rounding import seconds

PHASES = {
    "data_s": ("data and augmentation", SKY),
    "forward_s": ("forward", BLUE),
    "backward_s": ("backward", ORANGE),
    "update_s": ("update", GREEN),
    "evaluation_s": ("evaluation", PURPLE),
    "other_s": ("other", "#b8bec5"),
}


def run_time(axes: Axes, runs: pd.DataFrame, *, dataset: str, cells: Sequence[str]) -> Axes:
    """Draw mean seconds per phase, stacked, one bar per cell.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    runs : DataFrame
        One dataset's runs with the columns of `PHASES` and `fit_wall_s`.
    dataset : str
        Named in the title.
    cells : sequence of str
        From top to bottom.
    """
    ok = runs[(runs["status"] == "ok") & runs["cell"].isin(cells)]
    means = ok.groupby("cell")[[*PHASES, "fit_wall_s"]].mean()
    shown = [cell for cell in reversed(cells) if cell in means.index]
    n = int(ok["cell"].value_counts().max())
    shared = "shared_cores" not in ok or bool(ok["shared_cores"].any())
    caption = f"mean of n = {n} runs per cell"
    caption += "; runs shared cores, so times include waiting" * shared
    say(axes, f"Where a run's time goes · {dataset}", caption)
    left = np.zeros(len(shown))
    for phase, (name, ink) in PHASES.items():
        width = means.loc[shown, phase].fillna(0).to_numpy()
        axes.barh(shown, width, left=left, color=ink, height=0.62, label=name,
                  edgecolor="white", linewidth=0.7)  # fmt: skip
        left += width
    for y, total in enumerate(left):
        axes.annotate(seconds(total), (total, y), xytext=(5, 0), textcoords="offset points",
                      va="center", fontsize=8.5, color=INK)  # fmt: skip
    axes.set_xlim(0, 1.2 * left.max())
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    axes.set_xlabel("wall seconds per run (mean)")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), handlelength=1, handleheight=1)
    return axes
