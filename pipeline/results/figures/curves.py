"""Curves of the highlighted cells: their errors by epoch, and how soon they reach the target."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator, StrMethodFormatter

from experiments.analysis import survival_curve
from pipeline.results.figures.intervals import interval
from pipeline.results.figures.material import Material, kind
from pipeline.results.figures.style import (
    BLUE,
    CYCLE,
    FAINT,
    INK,
    MUTED,
    STYLES,
    VERMILLION,
    broken,
    key_below,
    one_axes,
)
from pipeline.results.figures.svg import hover
from pipeline.results.tables.costs import target_times
from pipeline.results.text.words import ranged

_COLUMNS = 2
_SIDES = {"val_accuracy": (BLUE, "-"), "train_accuracy": (VERMILLION, "--")}


@kind(
    "Learning curves",
    "Each component added to the baseline alone, and the best cell. The distance between training "
    "and validation is what a regularizer acts on.",
    "highlighted cells",
)
def learning_curves(figure: Figure, m: Material) -> str | None:
    """Draw training and validation error of each cell, the baseline's validation error beside."""
    ok, history = m.runs[m.runs["status"] == "ok"].set_index("run_key")["cell"], m.results.history
    part = history[history["run_key"].isin(ok[ok.isin(m.highlighted)].index)]
    # A training of the user's own may record no accuracy.
    if not part[list(_SIDES)].notna().all(axis=1).any():
        return None
    errors = {
        column: 100 * (1 - part.pivot_table(index="run_key", columns="epoch", values=column))
        for column in _SIDES
    }
    of_cell = ok[errors["val_accuracy"].index]
    base, *others = [cell for cell in m.highlighted if (of_cell == cell).any()]
    # The baseline's curve is in every panel.
    shown = others or [base]
    n_rows = -(-len(shown) // _COLUMNS)
    figure.set_figheight(0.9 + 1.25 * n_rows)
    grid = figure.subplots(n_rows, _COLUMNS, sharex=True, sharey=True, squeeze=False).ravel()
    reference = errors["val_accuracy"][of_cell == base].dropna(axis=1)
    for axes, cell in zip(grid, shown, strict=False):
        axes.plot(reference.columns, reference.mean(), color=MUTED, lw=1.1)
        for column, (ink, style) in _SIDES.items():
            # Epochs that some run did not reach are left out.
            lines = errors[column][of_cell == cell].dropna(axis=1)
            mean, low, high = interval(lines.to_numpy(), alpha=m.alpha)
            (line,) = axes.plot(lines.columns, mean, color=ink, ls=style)
            hover(line, [f"{cell}: {mean[-1]:.2f} % in the last epoch"])
            axes.fill_between(lines.columns, low, high, color=ink, alpha=0.18, lw=0)
        name = broken(cell.replace("+", " + "), 22)
        axes.set_title(name, loc="left", color=INK, pad=3)
    for axes in grid[len(shown) :]:
        axes.set_visible(False)
    _finish(grid[0], pd.concat(errors.values()))
    for axes in grid[max(len(shown) - _COLUMNS, 0) : len(shown)]:
        axes.set_xlabel("epoch")
        axes.tick_params(labelbottom=True)
    grid[0].set_ylabel("error (%, log)")
    key = {"validation": _SIDES["val_accuracy"], "training": _SIDES["train_accuracy"]}
    drawn = [Line2D([], [], color=ink, ls=ls, label=name) for name, (ink, ls) in key.items()]
    beside = Line2D([], [], color=MUTED, lw=1.1, label="baseline's validation")
    key_below(figure, [*drawn, beside], columns=2)
    n = ok[ok.isin(shown)].value_counts()
    band = f"bands: {100 * (1 - m.alpha):g} % interval (t)" if n.max() > 1 else "no band"
    return f"mean of n = {ranged(n, 'replicate')}; {band}"


def _finish(axes: Axes, error: pd.DataFrame) -> None:
    """Set the limits that all panels share."""
    errors = error.to_numpy().ravel()
    seen = errors[np.isfinite(errors) & (errors > 0)]
    axes.set_yscale("log")
    if seen.size:
        # A training error that falls to nothing must not flatten the rest.
        floor = max(seen.min(), np.quantile(seen, 0.02), np.quantile(seen, 0.5) / 100)
        axes.set_ylim(0.9 * floor, min(1.1 * np.quantile(seen, 0.985), 100))
    low, high = axes.get_ylim()
    # A panel is low: more ticks than these would cover each other.
    subs = (1, 3) if high < 100 * low else (1,)
    axes.yaxis.set_major_locator(LogLocator(10, subs=subs, numticks=12))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    # One epoch is a point, not a range: half an epoch of room on either side then.
    epochs = error.columns.to_numpy(float)
    room = 0.5 if epochs.min() == epochs.max() else 0.0
    axes.set_xlim(epochs.min() - room, epochs.max() + room)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))


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
        ink = CYCLE[i % len(CYCLE)] if i else INK
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
    runs = ranged(map(len, times.values()), "run")
    return (
        f"target: {100 * found.target:.2f} % validation accuracy; n = {runs} per "
        f"cell, followed for up to {found.horizon:.3g} s; a run that missed it stays below, "
        "with no time made up for it"
    )
