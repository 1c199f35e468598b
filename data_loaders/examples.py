"""The examples of both parts: images as bytes, rows of a table as float32."""

from __future__ import annotations

from typing import Any

import numpy as np

from data_loaders.arrays import as_bytes
from data_loaders.encoding import as_matrix
from data_loaders.errors import DataError, quoted
from data_loaders.raw import Raw
from data_loaders.spec import DatasetSpec


def examples(
    raw: Raw, spec: DatasetSpec, where: str
) -> tuple[np.ndarray, np.ndarray | None, list[tuple[str, str]]]:
    """Return examples of both parts, and a table's columns, none for images.

    Parameters
    ----------
    raw : Raw
        What a reader found; its notes are added to.
    spec : DatasetSpec
        How it is to be read.
    where : str
        What the error calls it.

    Raises
    ------
    DataError
        If they are neither images nor rows of finite numbers and categories.
    """
    if hasattr(raw.x, "columns"):
        x, x_test, features = _table(raw, where)
    else:
        x, features = np.asarray(raw.x), []
        x_test = None if raw.x_test is None else np.asarray(raw.x_test)
        if x.ndim == 2:
            x, features = _matrix(x, where), [(f"x{j}", "") for j in range(x.shape[1])]
            x_test = None if x_test is None else _matrix(x_test, where)
    if features and spec.shape:
        x, features = _reshaped(x, spec.shape, where), []
        x_test = None if x_test is None else _reshaped(x_test, spec.shape, where)
    if not features:
        x = _images(x, where)
        x_test = None if x_test is None else _images(x_test, f"{where} test")
    if x_test is not None and x_test.shape[1:] != x.shape[1:]:
        raise DataError(
            f"{where} must hold training and test examples of one size; got {x.shape[1:]} and "
            f"{x_test.shape[1:]}."
        )
    return x, x_test, features


def _table(raw: Raw, where: str) -> tuple[np.ndarray, np.ndarray | None, list[tuple[str, str]]]:
    """Return both parts of a table as matrices, with the same categories."""
    import pandas as pd

    both: Any = raw.x
    if raw.x_test is not None:
        if list(raw.x.columns) != list(raw.x_test.columns):  # type: ignore[union-attr]
            odd = set(raw.x.columns) ^ set(raw.x_test.columns)  # type: ignore[union-attr]
            raise DataError(
                f"{where} must have the same columns in both parts; "
                f"{quoted(', '.join(sorted(map(str, odd))) or 'their order')} differs."
            )
        both = pd.concat([both, raw.x_test], ignore_index=True)
    if both.shape[1] == 0:
        raise DataError(f"{where} must have a column to learn from besides the label; it has none.")
    matrix, features, notes = as_matrix(both, where=where)
    raw.notes += notes
    if raw.x_test is None:
        return matrix, None, features
    return matrix[: len(raw.x)], matrix[len(raw.x) :], features


def _matrix(x: np.ndarray, where: str) -> np.ndarray:
    if x.dtype.kind not in "buif" or not x.shape[1]:
        raise DataError(
            f"{where} must hold numbers in each column; got {x.dtype} of shape {x.shape}. Save "
            "texts as CSV or Parquet with a header."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        matrix = x.astype(np.float32)
    bad = np.argwhere(np.isinf(matrix))
    if len(bad):
        row, column = bad[0]
        raise DataError(
            f"{where} must hold finite numbers in float32's range; got {x[row, column]} in row "
            f"{row + 1}, column {column + 1}. Correct it, or write NaN for a missing number."
        )
    return matrix


def _reshaped(x: np.ndarray, shape: tuple[int, ...], where: str) -> np.ndarray:
    if x.shape[1] != np.prod(shape):
        raise DataError(
            f"{where} shape {list(shape)} needs {np.prod(shape)} columns; got {x.shape[1]}. "
            "Correct it, or drop columns that are no pixels."
        )
    return x.reshape(-1, *shape)


def _images(x: np.ndarray, where: str) -> np.ndarray:
    """Return images as uint8, grey ones without an axis for their one channel."""
    if x.ndim == 4 and x.shape[1] in (1, 3) and x.shape[3] not in (1, 3, 4):
        raise DataError(
            f"{where} must hold images (n, height, width, channels); got {x.shape}. Write "
            "images.transpose(0, 2, 3, 1)."
        )
    if not (x.ndim == 3 or (x.ndim == 4 and x.shape[3] in (1, 3, 4))) or not x.size:
        raise DataError(
            f"{where} must hold images (n, height, width) or (n, height, width, 1, 3 or 4), or "
            f"rows (n, columns); got {x.dtype} of shape {x.shape}."
        )
    pixels = as_bytes(x, where=f"{where} images")
    return pixels[..., 0] if pixels.ndim == 4 and pixels.shape[3] == 1 else pixels
