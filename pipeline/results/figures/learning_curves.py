"""Learning curves: training and validation error by epoch, one small panel per recipe."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from pipeline.results.figures.intervals import interval
from pipeline.results.figures.style import BLUE, INK, MUTED, VERMILLION, broken, key_below
from pipeline.results.figures.svg import hover

COLUMNS = 2
SIDES = {"val_accuracy": (BLUE, "-"), "train_accuracy": (VERMILLION, "--")}


def learning_curves(
    figure: Figure,
    history: pd.DataFrame,
    runs: pd.DataFrame,
    *,
    cells: Sequence[str],
    alpha: float,
) -> str:
    """Draw training and validation error of each cell, the baseline's validation error beside.

    Parameters
    ----------
    figure : Figure
        Where to draw.
    history : DataFrame
        Learning curves.
    runs : DataFrame
        One dataset's runs; those not ok are left out.
    cells : sequence of str
        A panel each, the first is the baseline.
    alpha : float
        The band covers 1 − alpha.

    Returns
    -------
    str
        The caption. The distance between the two curves is what a regularizer acts on.
    """
    ok = runs[runs["status"] == "ok"].set_index("run_key")["cell"]
    part = history[history["run_key"].isin(ok[ok.isin(cells)].index)]
    errors = {
        column: 100 * (1 - part.pivot_table(index="run_key", columns="epoch", values=column))
        for column in SIDES
    }
    of_cell = ok[errors["val_accuracy"].index]
    base, *others = [cell for cell in cells if (of_cell == cell).any()]
    # The baseline's curve is in every panel.
    shown = others or [base]
    grid = figure.subplots(
        -(-len(shown) // COLUMNS), COLUMNS, sharex=True, sharey=True, squeeze=False
    ).ravel()
    reference = errors["val_accuracy"][of_cell == base].dropna(axis=1)
    for axes, cell in zip(grid, shown, strict=False):
        axes.plot(reference.columns, reference.mean(), color=MUTED, lw=1.1)
        for column, (ink, style) in SIDES.items():
            # Epochs that some run did not reach are left out.
            lines = errors[column][of_cell == cell].dropna(axis=1)
            mean, low, high = interval(lines.to_numpy(), alpha=alpha)
            (line,) = axes.plot(lines.columns, mean, color=ink, ls=style)
            hover(line, [f"{cell}: {mean[-1]:.2f} % in the last epoch"])
            axes.fill_between(lines.columns, low, high, color=ink, alpha=0.18, lw=0)
        name = broken(cell.replace("+", " + "), 22)
        axes.set_title(name, loc="left", color=INK, pad=3)
    for axes in grid[len(shown) :]:
        axes.set_visible(False)
    _finish(grid[0], pd.concat(errors.values()))
    for axes in grid[max(len(shown) - COLUMNS, 0) : len(shown)]:
        axes.set_xlabel("epoch")
        axes.tick_params(labelbottom=True)
    grid[0].set_ylabel("error (%, log)")
    key_below(figure, _key(), columns=2)
    n = int(ok[ok.isin(shown)].value_counts().max())
    band = f"bands: {100 * (1 - alpha):g} % interval (t)" if n > 1 else "no band"
    return f"mean of n = {n} {'replicate' if n == 1 else 'replicates'}; {band}"


def _key() -> list[Line2D]:
    validation, training = SIDES.values()
    return [
        Line2D([], [], color=validation[0], ls=validation[1], label="validation"),
        Line2D([], [], color=training[0], ls=training[1], label="training"),
        Line2D([], [], color=MUTED, lw=1.1, label="baseline's validation"),
    ]


def _finish(axes: Axes, error: pd.DataFrame) -> None:
    """Set the limits that all panels share."""
    errors = error.to_numpy().ravel()
    seen = errors[np.isfinite(errors) & (errors > 0)]
    axes.set_yscale("log")
    if seen.size:
        # A training error that falls to nothing must not flatten the rest.
        floor = max(seen.min(), np.quantile(seen, 0.02), np.quantile(seen, 0.5) / 100)
        axes.set_ylim(0.9 * floor, min(1.1 * np.quantile(seen, 0.985), 100))
    axes.yaxis.set_major_locator(LogLocator(10, subs=(1, 3), numticks=12))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    # One epoch is a point, not a range: half an epoch of room on either side then.
    epochs = error.columns.to_numpy(float)
    room = 0.5 if epochs.min() == epochs.max() else 0.0
    axes.set_xlim(epochs.min() - room, epochs.max() + room)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
