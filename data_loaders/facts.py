"""What a reader should know of a dataset before training on it, said once."""

from __future__ import annotations

import numpy as np

from data_loaders.datasets import Dataset
from data_loaders.errors import quoted

# A class that is this many times larger than its even share makes accuracy misleading.
_IMBALANCE = 1.5
_FEW = 10


def majority_share(dataset: Dataset) -> float:
    """Return the accuracy of always answering the most frequent class, in [0, 1].

    Of the given test part where there is one, of all examples otherwise. NaN for regression.
    """
    if dataset.is_regression:
        return float("nan")
    labels = dataset.y if dataset.y_test is None else dataset.y_test
    # The answer is fixed by the training examples.
    most = np.bincount(dataset.y, minlength=dataset.n_classes).argmax()
    return float(np.mean(labels == most))


def facts(dataset: Dataset) -> tuple[str, ...]:
    """Return what its files and its values show: imbalance, copies, constants, gaps.

    Returns
    -------
    tuple of str
        One sentence each, without a full stop; the reader's notes first.
    """
    found = (
        *dataset.notes,
        _balance(dataset),
        _rare(dataset),
        _copies(dataset),
        _constants(dataset),
        _missing(dataset),
    )
    return tuple(fact for fact in found if fact)


def _balance(dataset: Dataset) -> str:
    if dataset.is_regression:
        return ""
    counts = np.bincount(dataset.y, minlength=dataset.n_classes)
    most, least = int(counts.argmax()), int(counts.argmin())
    if counts[most] * dataset.n_classes < _IMBALANCE * len(dataset.y):
        return ""
    return (
        f"classes are imbalanced: {counts[most]} rows are {quoted(dataset.class_names[most])}, "
        f"{counts[least]} are {quoted(dataset.class_names[least])}; always answering "
        f"{quoted(dataset.class_names[most])} is right in {majority_share(dataset):.1%} of the "
        "tested rows"
    )


def _rare(dataset: Dataset) -> str:
    if dataset.is_regression:
        return ""
    counts = np.bincount(dataset.y, minlength=dataset.n_classes)
    rare = np.flatnonzero(counts < _FEW)
    if not len(rare):
        return ""
    worst = int(counts.argmin())
    return (
        f"{len(rare)} of {dataset.n_classes} classes have fewer than {_FEW} rows "
        f"({quoted(dataset.class_names[worst])} has {counts[worst]}): a split may leave a part "
        "without them"
    )


def _rows(x: np.ndarray) -> list[int]:
    """Return a number for each row, one for rows of the same bytes.

    Python's keyed hash of 64 bits takes a fifth of a digest's time; that two of 70,000 different
    rows share one has a probability of 1e-10.
    """
    return [hash(row.tobytes()) for row in x]


def _copies(dataset: Dataset) -> str:
    rows = _rows(dataset.x)
    seen = set(rows)
    if dataset.x_test is None:
        again = len(rows) - len(seen)
        said = f"{again} of {len(rows)} rows are copies of another: drawn parts may share them"
        return said if again else ""
    shared = sum(row in seen for row in _rows(dataset.x_test))
    said = f"{shared} of {len(dataset.x_test)} test rows are in the training part too"
    return said if shared else ""


def _constants(dataset: Dataset) -> str:
    """Name a table's constant columns; pixels at an image's edge are constant anyway."""
    if not dataset.is_table:
        return ""
    x = np.asarray(dataset.x)
    constant = (x == x[0]).all(axis=0) | np.isnan(x).all(axis=0)
    names = [str(feature) for feature, same in zip(dataset.features, constant, strict=True) if same]
    if not names:
        return ""
    return f"{len(names)} of {len(constant)} columns are constant: {quoted(', '.join(names))}"


def _missing(dataset: Dataset) -> str:
    if not dataset.is_table:
        return ""
    parts = [dataset.x] if dataset.x_test is None else [dataset.x, dataset.x_test]
    rows = np.concatenate([np.isnan(part).any(axis=1) for part in parts])
    columns = np.logical_or.reduce([np.isnan(part).any(axis=0) for part in parts])
    if not rows.any():
        return ""
    names = dict.fromkeys(f.name for f, m in zip(dataset.features, columns, strict=True) if m)
    return (
        f"{rows.sum()} of {len(rows)} rows lack a value in {quoted(', '.join(names))}: filled with "
        "the training part's median or most frequent category"
    )
