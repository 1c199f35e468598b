"""Time-to-target curves: the share of runs that have reached the target, over time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from experiments.analysis import survival_curve
from pipeline.results.figures.style import FAINT, INK, STYLES, colours, key_below
from pipeline.results.figures.svg import hover
from pipeline.results.text.words import counted


def time_to_target(
    axes: Axes,
    times: Mapping[str, NDArray[np.float64]],
    *,
    target: float,
    horizon: float,
) -> str:
    """Draw 1 − the Kaplan–Meier curve of each cell's times to target.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    times : mapping of str to array
        Seconds to target of each run of a cell, infinite where it was missed; the first cell
        is drawn in black.
    target : float
        Validation accuracy in [0, 1].
    horizon : float
        Seconds up to which runs were followed.

    Returns
    -------
    str
        The caption.
    """
    names = list(times)
    ink = dict(zip(names, [INK, *colours(names[1:]).values()], strict=False))
    finite = [second for values in times.values() for second in values if second <= horizon]
    shown = min(horizon, 1.3 * max(finite)) if finite else horizon
    lines = []
    for i, name in enumerate(names):
        seconds, alive = survival_curve(times[name], horizon)
        x, y = np.append(seconds, horizon), 100 * (1 - np.append(alive, alive[-1]))
        (line,) = axes.step(
            x, y, where="post", color=ink[name], ls=STYLES[i % len(STYLES)], label=name
        )
        hover(line, [name])
        lines.append(line)
    axes.set_xlim(0, shown)
    axes.set_ylim(-3, 103)
    axes.axhline(50, color=FAINT, lw=1, zorder=0)
    axes.set_xlabel("seconds of training by measured step cost")
    axes.set_ylabel("runs that reached it (%)")
    key_below(axes, lines, columns=2)
    runs = max((len(values) for values in times.values()), default=0)
    return (
        f"target: {100 * target:.2f} % validation accuracy; n = {counted(runs, 'run')} per "
        f"cell, followed for up to {horizon:.3g} s; a run that missed it stays below, "
        "with no time made up for it"
    )
