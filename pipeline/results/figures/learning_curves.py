"""Learning curves: validation error against the epoch, mean over replicates with a band."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator
from numpy.typing import NDArray
from scipy import stats

from pipeline.results.figures.direct_labels import label_ends
from pipeline.results.figures.style import FAINT, INK, STYLES, colours, say


def band(
    values: NDArray[np.float64], *, alpha: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return mean, lower and upper end of Student's t interval per column.

    Parameters
    ----------
    values : array, shape (n_replicates, n_epochs)
    alpha : float
        The interval covers 1 − alpha; with one replicate its ends are NaN.
    """
    mean, n = values.mean(axis=0), len(values)
    if n < 2:
        return mean, np.full_like(mean, np.nan), np.full_like(mean, np.nan)
    half = stats.t.ppf(1 - alpha / 2, n - 1) * values.std(axis=0, ddof=1) / np.sqrt(n)
    return mean, mean - half, mean + half


def learning_curves(
    axes: Axes,
    history: pd.DataFrame,
    runs: pd.DataFrame,
    *,
    dataset: str,
    highlight: Sequence[str],
    best: str | None,
    alpha: float = 0.05,
) -> Axes:
    """Draw validation error per epoch, the named cells in colour over all others in grey.

    The baseline and the best cell have a band.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    history : DataFrame
        Columns `run_key, epoch, val_accuracy`.
    runs : DataFrame
        One dataset's runs; those not ok are left out.
    dataset : str
        Named in the title.
    highlight : sequence of str
        Cells drawn in colour, the first (the baseline) in black.
    best : str, optional
        The best cell.
    alpha : float
        The band covers 1 − alpha.
    """
    ok = runs[runs["status"] == "ok"].set_index("run_key")["cell"]
    part = history[history["run_key"].isin(ok.index)]
    error = 100 * (1 - part["val_accuracy"])
    table = part.assign(error=error).pivot_table(index="run_key", columns="epoch", values="error")
    cells = ok.reindex(table.index)
    ink = dict(zip(highlight, [INK, *colours(list(highlight[1:])).values()], strict=False))
    others = table[~cells.isin(highlight)]
    for _, lines in others.groupby(cells.reindex(others.index), sort=True):
        axes.plot(table.columns, lines.mean(), color=FAINT, lw=0.7, zorder=1)
    ends = []
    for i, cell in enumerate(highlight):
        lines = table[cells == cell].dropna(axis=1)
        if lines.empty:
            continue
        mean, low, high = band(lines.to_numpy(), alpha=alpha)
        style = STYLES[i % len(STYLES)]
        axes.plot(lines.columns, mean, color=ink[cell], ls=style, lw=1.9, zorder=3)
        # Bands of all would cover each other: the two that are compared most have one.
        if cell in (highlight[0], best):
            axes.fill_between(lines.columns, low, high, color=ink[cell], alpha=0.16, lw=0, zorder=2)
        ends.append((float(lines.columns[-1]), float(mean[-1]), cell, ink[cell]))
    _finish(axes, table)
    replicates = int(cells.value_counts().max())
    grey = "; grey: the other cells" if len(others) else ""
    named = dict.fromkeys(cell for cell in (highlight[0], best) if cell)
    band_text = f"bands ({', '.join(named)}): {100 * (1 - alpha):g} % interval (t)"
    if replicates < 2:
        band_text = "no band"
    say(
        axes,
        f"Learning curves · {dataset}",
        f"validation error, mean of n = {replicates}; {band_text}{grey}",
    )
    label_ends(axes, ends)
    return axes


def _finish(axes: Axes, table: pd.DataFrame) -> None:
    means = table.to_numpy()
    seen = means[np.isfinite(means) & (means > 0)]
    axes.set_yscale("log")
    if seen.size:
        axes.set_ylim(0.92 * seen.min(), min(1.1 * np.quantile(seen, 0.985), 100))
    axes.yaxis.set_major_locator(LogLocator(10, subs=(1, 1.5, 2, 3, 4, 5, 7)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    # One epoch is a point, not a range: half an epoch of room on either side then.
    room = 0.5 if len(table.columns) == 1 else 0.0
    epochs = table.columns.to_numpy(float)
    axes.set_xlim(epochs.min() - room, epochs.max() + room)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("epoch")
    axes.set_ylabel("validation error (%, log scale)")
