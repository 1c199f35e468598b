"""Make a dataset's arrays of what a reader found, or say in one line why that is none."""

from __future__ import annotations

import numpy as np

from data_loaders.arrays import Arrays, describe
from data_loaders.errors import DataError, quoted
from data_loaders.examples import examples
from data_loaders.labels import as_classes, as_targets, is_missing, is_regression
from data_loaders.raw import Raw
from data_loaders.spec import DatasetSpec

_PARTS = ("train", "validation", "test")


def assemble(raw: Raw, spec: DatasetSpec, *, where: str) -> Arrays:
    """Return arrays in the form that the cache keeps, verified.

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
        At the first thing that no dataset can have.
    """
    _check_lengths(raw, where)
    given = _validation(raw, where)
    x, x_test, features = examples(raw, spec, where)
    images = not features
    if images and not any((part != x[0].flat[0]).any() for part in (x, x_test) if part is not None):
        raise DataError(
            f"{where} must hold images that differ; every pixel is {x[0].flat[0]}. Check how they "
            "were saved."
        )
    if spec.missing == "refuse" and not images:
        _refuse_missing(x, features, where)
    arrays: Arrays = {"images" if images else "features": x}
    if x_test is not None:
        arrays["test_images" if images else "test_features"] = x_test
    names: tuple[str, ...] = ()
    labels = f"{where} labels"
    if is_regression(raw.y, spec.task):
        arrays["targets"] = as_targets(raw.y, where=labels)
        if raw.y_test is not None:
            arrays["test_targets"] = as_targets(raw.y_test, where=labels)
    else:
        y, y_test, names = as_classes(raw.y, raw.y_test, where=labels)
        arrays["labels"] = y
        if y_test is not None:
            arrays["test_labels"] = y_test
    if raw.groups is not None:
        arrays["groups"] = _groups(raw.groups, where)
    if given is not None:
        arrays["validation"] = given
    arrays["about"] = describe(names, features)
    return arrays


def _check_lengths(raw: Raw, where: str) -> None:
    for x, y, part in ((raw.x, raw.y, "training"), (raw.x_test, raw.y_test, "test")):
        if x is None or y is None:
            continue
        if not len(x) or np.ndim(y) == 0 or len(x) != len(y):
            found = "one" if np.ndim(y) == 0 else len(y)
            raise DataError(
                f"{where} must hold one label per example, and examples; got {len(x)} examples and "
                f"{found} labels in the {part} part. Save both anew from one source."
            )
    for name, values in (("groups", raw.groups), ("split", raw.parts)):
        if values is not None and values.shape != (len(raw.y),):
            raise DataError(
                f"{where} {name} must hold one value per example; got shape {values.shape} for "
                f"{len(raw.y)} examples."
            )


def _validation(raw: Raw, where: str) -> np.ndarray | None:
    """Move the rows whose part is "test" to the test part; return which are "validation"."""
    if raw.parts is None:
        return None
    parts = np.char.lower(np.char.strip(raw.parts.astype(str)))
    odd = np.flatnonzero(~np.isin(parts, _PARTS))
    if len(odd):
        raise DataError(
            f"{where} split must hold train, validation or test; got "
            f"{quoted(str(raw.parts[odd[0]]))} in row {odd[0] + 1}. Correct it."
        )
    if raw.x_test is not None or not (parts == "train").any():
        raise DataError(f"{where} split must leave rows to train on, and be the only test part.")
    tested, rest = parts == "test", parts != "test"
    if tested.any():
        raw.x_test, raw.y_test = raw.x[tested], raw.y[tested]
        raw.x, raw.y = raw.x[rest], raw.y[rest]
        if raw.groups is not None:
            shared = set(raw.groups[tested].tolist()) & set(raw.groups[rest].tolist())
            if shared:
                raw.notes.append(f"{len(shared)} group(s) stand in the given test part and outside")
            raw.groups = raw.groups[rest]
    validation = np.flatnonzero(parts[rest] == "validation")
    return validation if len(validation) else None


def _refuse_missing(x: np.ndarray, features: list[tuple[str, str]], where: str) -> None:
    bad = np.argwhere(np.isnan(x))
    if len(bad):
        row, column = bad[0]
        raise DataError(
            f"{where} must have no missing value (missing: refuse); row {row + 1} has none in "
            f"{quoted(features[column][0])}. Fill it, or write missing: impute."
        )


def _groups(values: np.ndarray, where: str) -> np.ndarray:
    """Return groups as numbers from 0."""
    empty = [i for i, v in enumerate(values.tolist()) if is_missing(v) or v == ""]
    if empty:
        raise DataError(
            f"{where} group must hold a value in each row; row {empty[0] + 1} has none. Write one "
            "that is its own where a row belongs to nobody."
        )
    names, codes = np.unique(values.astype(str), return_inverse=True)
    if len(names) < 3:
        raise DataError(
            f"{where} group must hold at least three groups, one per part; got {len(names)}."
        )
    return codes.astype(np.int64)
