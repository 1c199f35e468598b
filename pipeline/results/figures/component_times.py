"""Time to target with and without each component: the difference in restricted mean time."""

from __future__ import annotations

from matplotlib.figure import Figure

from pipeline.results.figures.kind import kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.rows import note_row, row_axes
from pipeline.results.figures.style import BLUE, MUTED
from pipeline.results.figures.svg import hover
from pipeline.results.text.rounding import seconds
from pipeline.results.text.words import ranged


@kind(
    "Time to target with and without each component",
    "Left of zero the target is reached sooner. A run that never reaches it counts with the whole "
    "time that runs were followed, in this figure alone.",
    "cells",
)
def component_times(figure: Figure, m: Material) -> str | None:
    """Draw how much sooner or later the target is reached with each component.

    Above each row stand the Kaplan–Meier medians without and with the component.
    """
    rows = m.of("component_times")
    if rows["difference_s"].isna().all():
        return None
    label = "difference in mean time to target (s); left = sooner"
    axes = row_axes(figure, rows["title"].tolist(), label)
    axes.axvline(0, color=MUTED, lw=1)
    for y, row in enumerate(rows.to_dict("records")):
        axes.plot([row["ci_low_s"], row["ci_high_s"]], [y, y], color=BLUE, lw=3.6)
        (mark,) = axes.plot(row["difference_s"], y, "o", ms=8, mfc=BLUE, mec=BLUE)
        hover(mark, [f"{row['title']}: {row['difference_s']:+.3g} s"])
        note_row(axes, y, f"{_side(row, 'without')} → {_side(row, 'with')}")
    first = rows.iloc[0]
    return (
        f"n = {ranged(rows['n_blocks'].astype(int), 'paired replicate')}; line: "
        f"{100 * (1 - m.alpha):g} % interval; target: {100 * first['target']:.2f} % validation "
        f"accuracy; a miss counts as {first['horizon_s']:.3g} s here\n"
        "in words: median without → with (share of runs that reached it); "
        "seconds of training by measured step cost"
    )


def _side(row: dict, side: str) -> str:
    n, reached = int(row[f"n_{side}"]), int(row[f"n_reached_{side}"])
    share = f"{100 * reached / n:.0f} %" if n else "–"
    return f"{seconds(row[f'median_s_{side}'])} ({share})"
