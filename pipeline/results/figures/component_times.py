"""Time to target with and without each component: the difference in restricted mean time."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from pipeline.results.figures.style import BLUE, INK, MUTED, say
from pipeline.results.text.rounding import seconds


def component_times(
    axes: Axes, times: pd.DataFrame, *, dataset: str, alpha: float, shared_cores: bool
) -> Axes:
    """Draw how much sooner or later the target is reached with each component.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    times : DataFrame
        One dataset's rows of the component times with `title` added.
    dataset : str
        Named in the title.
    alpha : float
        Intervals cover 1 − alpha.
    shared_cores : bool
        Whether the runs' wall times hold waiting.

    Returns
    -------
    Axes
        Beside each row the Kaplan–Meier medians without and with the component.
    """
    rows = times.iloc[::-1].reset_index(drop=True)
    first = rows.iloc[0]
    caption = (
        f"n = {int(rows['n_blocks'].max())} paired replicates; line: {100 * (1 - alpha):g} % "
        f"interval; target: {100 * first['target']:.2f} % validation accuracy\n"
        f"a miss counts as {first['horizon_s']:.3g} s here; right: median without → with (share of "
        "runs that reached it)"
    )
    caption += "\nruns shared cores, so times include waiting" * shared_cores
    say(axes, f"Time to target with and without · {dataset}", caption)
    axes.axvline(0, color=MUTED, lw=1)
    for y, row in enumerate(rows.to_dict("records")):
        axes.plot([row["ci_low_s"], row["ci_high_s"]], [y, y], color=BLUE, lw=3.2)
        axes.plot(row["difference_s"], y, "o", ms=7, mfc=BLUE, mec=BLUE)
        sides = [_side(row, side) for side in ("without", "with")]
        axes.annotate(
            f"{sides[0]} → {sides[1]}",
            (1, y),
            xytext=(8, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=INK,
            annotation_clip=False,
        )
    axes.set_yticks(range(len(rows)), rows["title"])
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("difference in mean time to target (s); left of 0 = sooner")
    return axes


def _side(row: dict, side: str) -> str:
    n, reached = int(row[f"n_{side}"]), int(row[f"n_reached_{side}"])
    share = f"{100 * reached / n:.0f} %" if n else "–"
    return f"{seconds(row[f'median_s_{side}'])} ({share})"
