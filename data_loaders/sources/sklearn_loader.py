"""A loader of scikit-learn, by its name."""

from __future__ import annotations

from dataclasses import replace
from importlib import metadata
from typing import Any

import numpy as np

from data_loaders.errors import DataError, closest, one_line, quoted
from data_loaders.raw import Raw
from data_loaders.readers.tables import raw_of_table
from data_loaders.spec import DatasetSpec


def version() -> str:
    """Return scikit-learn's version: its data belong to it."""
    return metadata.version("scikit-learn")


def load_bundled(spec: DatasetSpec) -> Raw:
    """Return what `sklearn.datasets.<spec.sklearn>` gives: images, or a table and its target.

    Raises
    ------
    DataError
        If there is no such loader, or it has nothing to give.
    """
    from sklearn import datasets

    known = [n for n in dir(datasets) if n.startswith(("load_", "fetch_")) and "svmlight" not in n]
    if spec.sklearn not in known:
        raise DataError(
            f"dataset {spec.name} sklearn must be a loader of sklearn.datasets; got "
            f"{quoted(spec.sklearn)}. {closest(spec.sklearn, known)}"
        )
    where = f"sklearn.datasets.{spec.sklearn}"
    try:
        loader = getattr(datasets, spec.sklearn)
        bunch = loader()
        if "images" in bunch:
            return Raw(np.asarray(bunch.images), _named(bunch))
        table = loader(as_frame=True).frame
    except Exception as error:
        raise DataError(
            f"{where} must give examples and a target; {type(error).__name__}: {one_line(error)}. "
            "Use path, openml or a function of your own instead."
        ) from error
    label = spec.label or "target"
    raw = raw_of_table(table, replace(spec, label=label), where=where)
    if label == "target":
        raw.y = _named(bunch)
    return raw


def _named(bunch: Any) -> np.ndarray:
    """Return the target, with the names of its classes where the loader knows them."""
    target, names = np.asarray(bunch.target), bunch.get("target_names")
    if target.dtype.kind in "iu" and names is not None and len(names) > target.max():
        return np.asarray(names).astype(str)[target]
    return target
