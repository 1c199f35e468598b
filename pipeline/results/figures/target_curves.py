"""Time-to-target curves: the share of runs that have reached the target, over time."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from experiments.analysis import survival_curve
from pipeline.results.figures.material import Material, kind
from pipeline.results.figures.style import CYCLE, FAINT, INK, STYLES, key_below, one_axes
from pipeline.results.figures.svg import hover
from pipeline.results.tables.times import target_times
from pipeline.results.text.words import counted


@kind(
    "Time to target",
    "Higher and further left is faster. The target is the median best validation accuracy of the "
    "baseline unless the study names one.",
    "highlighted cells",
)
def time_to_target(figure: Figure, m: Material) -> str | None:
    """Draw 1 − the Kaplan–Meier curve of each cell's times to target, the baseline's in black."""
    if not (m.of("cell_times")["n"] > 0).any():
        return None
    (found,) = target_times(m.runs, m.of("cells"), m.results)
    known = {cell: found.of(found.grid.cells.index(cell)) for cell in m.highlighted}
    times = {cell: seconds for cell, seconds in known.items() if len(seconds)}
    axes = one_axes(figure, 3.0 + 0.22 * -(-len(times) // 2))
    lines = []
    for i, (name, seconds) in enumerate(times.items()):
        at, alive = survival_curve(seconds, found.horizon)
        x, y = np.append(at, found.horizon), 100 * (1 - np.append(alive, alive[-1]))
        ink = CYCLE[(i - 1) % len(CYCLE)] if i else INK
        style = STYLES[i % len(STYLES)]
        (line,) = axes.step(x, y, where="post", color=ink, ls=style, label=name)
        hover(line, [name])
        lines.append(line)
    every = np.concatenate([np.empty(0), *times.values()])
    reached = every[every <= found.horizon].max(initial=0) or found.horizon
    axes.set_xlim(0, min(found.horizon, 1.3 * reached))
    axes.set_ylim(-3, 103)
    axes.axhline(50, color=FAINT, lw=1, zorder=0)
    axes.set_xlabel("seconds of training by measured step cost")
    axes.set_ylabel("runs that reached it (%)")
    key_below(axes, lines, columns=2)
    runs = max((len(seconds) for seconds in times.values()), default=0)
    return (
        f"target: {100 * found.target:.2f} % validation accuracy; n = {counted(runs, 'run')} per "
        f"cell, followed for up to {found.horizon:.3g} s; a run that missed it stays below, "
        "with no time made up for it"
    )
