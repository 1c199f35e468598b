"""Labels of any type become class numbers with names, or stay numbers to predict."""

from __future__ import annotations

import math

import numpy as np

from data_loaders.errors import DataError, quoted

_FEW_CLASSES, _MOST_CLASSES = 20, 2**16


def is_regression(y: np.ndarray, task: str) -> bool:
    """Return whether numbers are predicted: what the study says, else whether y has fractions."""
    if task:
        return task == "regression"
    return y.dtype.kind == "f" and not np.array_equal(y[np.isfinite(y)] % 1, 0 * y[np.isfinite(y)])


def as_targets(y: np.ndarray, *, where: str) -> np.ndarray:
    """Return numbers to predict as float64, shape (n,).

    Raises
    ------
    DataError
        If they are no numbers, or one of them is missing or infinite.
    """
    column = _column(y, where)
    try:
        targets = column.astype(np.float64)
    except (TypeError, ValueError):
        odd = next(v for v in column if not _is_number(v))
        raise DataError(
            f"{where} must hold numbers for regression; got {quoted(odd)}. Correct it, or leave "
            "out task: regression."
        ) from None
    bad = np.flatnonzero(~np.isfinite(targets))
    if len(bad):
        raise DataError(
            f"{where} must hold a finite number in each row; got {targets[bad[0]]} in row "
            f"{bad[0] + 1} and {len(bad)} such row(s) in all. Remove them."
        )
    if targets.min() == targets.max():
        raise DataError(f"{where} must hold different numbers; all are {targets[0]:g}.")
    return targets


def _is_number(value: object) -> bool:
    try:
        float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


def as_classes(
    y: np.ndarray, y_test: np.ndarray | None, *, where: str
) -> tuple[np.ndarray, np.ndarray | None, tuple[str, ...]]:
    """Return class numbers from 0 in the smallest unsigned type, and the names of the classes.

    Classes are the different values, in numerical or alphabetical order: labels 1…10 are ten
    classes called 1…10.

    Parameters
    ----------
    y, y_test : ndarray
        Labels of any type; texts, whole numbers, truth values.
    where : str
        What the error calls them.

    Raises
    ------
    DataError
        If a label is missing or a fraction, there is one class alone or nearly as many as rows, a
        lone label lies far from all others, or a class stands in the test part alone.
    """
    values = _labels(_column(y, where), where)
    names, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    if len(names) == 1:
        raise DataError(
            f"{where} must hold at least two classes; all {len(values)} rows are "
            f"{quoted(str(names[0]))}. Name another column, or add rows of another class."
        )
    most = max(2, len(values) // 2) if len(names) <= _FEW_CLASSES else len(values) // 4
    if len(names) > min(most, _MOST_CLASSES):
        raise DataError(
            f"{where} must hold classes; got {len(names)} different values in {len(values)} rows. "
            "Name another column, or write task: regression if these are numbers to predict."
        )
    if names.dtype.kind in "iu":
        _check_strays(names.astype(np.int64), counts, where)
    small = np.min_scalar_type(len(names) - 1)
    texts = tuple(_printable(str(name)) for name in names.tolist())
    if y_test is None:
        return codes.astype(small), None, texts
    tested = _labels(_column(y_test, where), where)
    unknown = np.flatnonzero(~np.isin(tested, names))
    if len(unknown):
        raise DataError(
            f"{where} must hold each class of the test part in the training part too; "
            f"{quoted(str(tested[unknown[0]]))} is not there. Add rows, or remove it from the test."
        )
    return codes.astype(small), np.searchsorted(names, tested).astype(small), texts


def _printable(name: str) -> str:
    """Return a class's name on one line, without what would steer a terminal."""
    return "".join(
        c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(name.split())
    )


def _column(y: np.ndarray, where: str) -> np.ndarray:
    """Return labels as one column."""
    if y.ndim == 2 and y.shape[1] == 1:
        return y[:, 0]
    if y.ndim != 1:
        raise DataError(
            f"{where} must hold one label per row; got shape {y.shape}. Write "
            "labels.argmax(axis=1) where they are one-hot."
        )
    return y


def _labels(column: np.ndarray, where: str) -> np.ndarray:
    """Return labels as integers or as text."""
    if column.dtype.kind == "f":
        bad = np.flatnonzero(~np.isfinite(column) | (column % 1 != 0))
        if len(bad):
            raise DataError(
                f"{where} must hold whole numbers or text; got {column[bad[0]]} in row "
                f"{bad[0] + 1}. Correct it, or write task: regression."
            )
        return column.astype(np.int64)
    if column.dtype.kind in "iub":
        return column
    texts = np.array(
        ["" if is_missing(value) else str(value).strip() for value in column.tolist()]
        if column.dtype.kind == "O"
        else np.char.strip(column.astype(str))
    )
    missing = np.flatnonzero(texts == "")
    if len(missing):
        raise DataError(
            f"{where} must hold a label in each row; row {missing[0] + 1} has none, {len(missing)} "
            "such row(s) in all. Remove them, or write a word for them."
        )
    return texts


def is_missing(value: object) -> bool:
    """Return whether a value stands for none: None, NaN, and pandas's NA and NaT."""
    nan = isinstance(value, float) and math.isnan(value)
    return value is None or nan or type(value).__name__ in ("NAType", "NaTType")


def _check_strays(names: np.ndarray, counts: np.ndarray, where: str) -> None:
    """Refuse a number in one row alone that lies farther off than the others are wide.

    >>> _check_strays(np.array([0, 1, 2, 9]), np.array([5, 5, 5, 5]), "labels")
    """
    for index, inner in ((-1, names[:-1]), (0, names[1:])):
        gap = min(abs(int(names[index]) - int(inner[0])), abs(int(names[index]) - int(inner[-1])))
        if counts[index] == 1 and gap > max(2, int(inner[-1]) - int(inner[0]) + 1):
            raise DataError(
                f"{where} must hold classes; label {names[index]} stands in one row, far from "
                f"{inner[0]}…{inner[-1]}. Correct it, or write labels as text to keep it."
            )
