"""Time to target with and without each component: the difference in restricted mean time."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from pipeline.results.figures.style import BLUE, MUTED, label_rows, note_row
from pipeline.results.figures.svg import hover
from pipeline.results.text.rounding import seconds
from pipeline.results.text.words import counted


def component_times(axes: Axes, times: pd.DataFrame, *, alpha: float) -> str:
    """Draw how much sooner or later the target is reached with each component.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    times : DataFrame
        One dataset's rows of the component times with `title` added.
    alpha : float
        Intervals cover 1 − alpha.

    Returns
    -------
    str
        The caption. Above each row stand the Kaplan–Meier medians without and with the component.
    """
    rows = times.reset_index(drop=True)
    axes.axvline(0, color=MUTED, lw=1)
    for y, row in enumerate(rows.to_dict("records")):
        axes.plot([row["ci_low_s"], row["ci_high_s"]], [y, y], color=BLUE, lw=3.6)
        (mark,) = axes.plot(row["difference_s"], y, "o", ms=8, mfc=BLUE, mec=BLUE)
        hover(mark, [f"{row['title']}: {row['difference_s']:+.3g} s"])
        note_row(axes, y, f"{_side(row, 'without')} → {_side(row, 'with')}")
    label = "difference in mean time to target (s); left = sooner"
    label_rows(axes, rows["title"].tolist(), label)
    first = rows.iloc[0]
    return (
        f"n = {counted(int(rows['n_blocks'].max()), 'paired replicate')}; line: "
        f"{100 * (1 - alpha):g} % interval; target: {100 * first['target']:.2f} % validation "
        f"accuracy; a miss counts as {first['horizon_s']:.3g} s here\n"
        "in words: median without → with (share of runs that reached it); "
        "seconds of training by measured step cost"
    )


def _side(row: dict, side: str) -> str:
    n, reached = int(row[f"n_{side}"]), int(row[f"n_reached_{side}"])
    share = f"{100 * reached / n:.0f} %" if n else "–"
    return f"{seconds(row[f'median_s_{side}'])} ({share})"
