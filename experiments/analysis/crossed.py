"""Crossed seeds × test-images bootstrap: uncertainty over new seeds and new test images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from experiments.analysis.contrasts import BlockContrast
from experiments.analysis.grid import BlockGrid

# run_key → the response of each test example, shape (n_test,), unscaled; the same examples.
Examples = Mapping[str, NDArray[Any]]
_CHUNK = 100


def image_contrasts(
    grid: BlockGrid, contrasts: Sequence[BlockContrast], examples: Examples
) -> list[NDArray[np.float32] | None]:
    """Apply each contrast to every test image.

    Returns
    -------
    list
        Per contrast an array (n_blocks, n_images) whose row means are the contrast's block
        values, or None when a run it needs has no stored predictions.
    """
    keys = grid.runs["run_key"].to_numpy()
    out: list[NDArray[np.float32] | None] = []
    for item in contrasts:
        cells = np.flatnonzero(item.weights)
        names = keys[grid.rows[np.ix_(item.blocks, cells)]] if len(cells) else np.empty((0, 0))
        if not names.size or any(name not in examples for name in names.flat):
            out.append(None)
            continue
        weights = item.weights[cells].astype(np.float32)
        out.append(np.stack([weights @ np.stack([examples[k] for k in row]) for row in names]))
    return out


def crossed_intervals(
    contrasts: Sequence[NDArray[np.floating]],
    *,
    rng: np.random.Generator,
    confidence: float = 0.95,
    n_resamples: int = 2000,
) -> NDArray[np.float64]:
    """Bound means over blocks and test images, both resampled with replacement.

    With C[r, i] = m + a_r + b_i + e_ri, a resample draws blocks and images independently and
    adds the means of the drawn a and b; m ± t(n_blocks − 1) · max(standard deviation over
    resamples, standard error over blocks) is the interval.

    Parameters
    ----------
    contrasts : sequence of arrays, each (n_blocks, n_images)
        Image contrasts over the same images; n_blocks may differ.
    rng : numpy.random.Generator
        Draws blocks and images; all contrasts see the same draws of images.
    confidence : float
        Coverage of the interval, in (0, 1).
    n_resamples : int
        Number of resamples.

    Returns
    -------
    array, shape (n_contrasts, 2)
        Lower and upper ends in the unit of the contrasts; NaN with fewer than two blocks.

    Notes
    -----
    Three corrections make it cover with a handful of blocks. Drawn blocks are spread too little
    by (n_blocks − 1) / n_blocks, so a is scaled up. Row and column means both contain the
    interaction e, so b is shrunk by its reliability and e counts once, with the blocks. The
    quantile is t's with the blocks' degrees of freedom, however many images there are, so that
    the interval is on the safe side and, by construction, never narrower than Student's over
    blocks alone.

    References
    ----------
    Owen (2007), "The pigeonhole bootstrap"; McCullagh (2000), "Resampling and exchangeable
    arrays", on why plain crossed resampling counts e three times.
    """
    if not contrasts:
        return np.empty((0, 2))
    columns = np.stack([_image_part(c) for c in contrasts], axis=1)
    images = _resampled_means(columns, n_resamples, rng)
    out = np.full((len(contrasts), 2), np.nan)
    for index, c in enumerate(contrasts):
        n_blocks = c.shape[0]
        if n_blocks < 2:
            continue
        rows = c.mean(axis=1, dtype=np.float64)
        drawn = rng.integers(n_blocks, size=(n_resamples, n_blocks))
        blocks = (rows - rows.mean())[drawn].mean(axis=1) * sqrt(n_blocks / (n_blocks - 1))
        spread = max(np.std(blocks + images[:, index]), np.std(rows, ddof=1) / sqrt(n_blocks))
        half = special.stdtrit(n_blocks - 1, (1 + confidence) / 2) * spread
        out[index] = rows.mean() - half, rows.mean() + half
    return out


def _image_part(c: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return b, the images' own deviations, shrunk to the variance that is not interaction."""
    n_blocks = c.shape[0]
    b = c.mean(axis=0, dtype=np.float64)
    b -= b.mean()
    if n_blocks < 2 or not b.any():
        return b.astype(np.float32)
    noise = np.mean(np.var(c - c.mean(axis=1, keepdims=True), axis=0, ddof=1)) / n_blocks
    return (b * sqrt(max(0.0, 1.0 - noise / np.mean(b**2)))).astype(np.float32)


def _resampled_means(
    columns: NDArray[np.float32], n_resamples: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Mean of each column over images drawn with replacement, shape (n_resamples, n_columns)."""
    n = len(columns)
    parts = []
    for start in range(0, n_resamples, _CHUNK):
        size = min(_CHUNK, n_resamples - start)
        drawn = rng.integers(n, size=(size, n), dtype=np.int32) + n * np.arange(size)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)
        parts.append(counts.astype(np.float32) @ columns / n)
    return np.concatenate(parts).astype(np.float64)
