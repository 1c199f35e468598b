"""Read what params.yaml writes under a dataset's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from data_loaders.errors import DataError, closest, quoted
from data_loaders.registry import REGISTRY
from data_loaders.spec import FUNCTION, ORIGINS, DatasetSpec

# What a value in YAML must be for each field.
_TYPES: Mapping[str, tuple[type, ...]] = {
    "openml": (int,),
    "drop": (list,),
    "shape": (list,),
    "train_size": (int, float),
}
_FIELDS = tuple(field.name for field in fields(DatasetSpec) if field.name != "name")


def parse_spec(name: str, value: Any) -> DatasetSpec:
    """Read what stands under a dataset's name: nothing, a path, `module:function`, or fields.

    Parameters
    ----------
    name : str
        The name that the study gives it.
    value : None, str or mapping
        None for a built-in dataset. A mapping whose name is a built-in dataset's may leave the
        origin out.

    Returns
    -------
    DatasetSpec

    Raises
    ------
    DataError
        At the first unknown key, wrong type or value out of range, in one line.

    Examples
    --------
    >>> parse_spec("wine", {"path": "./wine.csv", "label": "cultivar"}).label
    'cultivar'
    """
    where = f"dataset {name}"
    if value is None:
        return DatasetSpec(name, builtin=name)
    if isinstance(value, str):
        if FUNCTION.fullmatch(value):
            return DatasetSpec(name, function=value)
        return DatasetSpec(name, path=value)
    if not isinstance(value, Mapping):
        raise DataError(
            f"{where} must be a path, module:function or {{path: …, label: …}}; got "
            f"{quoted(value)}. Leave it empty for a built-in dataset."
        )
    for key, given in value.items():
        if key not in _FIELDS:
            raise DataError(
                f"{where} has an unknown key {quoted(key)}. {closest(str(key), _FIELDS)}"
            )
        types = _TYPES.get(key, (str,))
        if not isinstance(given, types) or isinstance(given, bool):
            words = " or ".join(
                {"str": "text", "list": "a list"}.get(t.__name__, "a number") for t in types[:1]
            )
            raise DataError(f"{where} {key} must be {words}; got {quoted(given)}. Correct it.")
    given = dict(value)
    for key, inner, words in (("drop", str, "column names"), ("shape", int, "whole numbers")):
        items = given.get(key, [])
        if any(not isinstance(item, inner) or isinstance(item, bool) for item in items):
            raise DataError(f"{where} {key} must be a list of {words}; got {quoted(items)}.")
        if items:
            given[key] = tuple(items)
    if name in REGISTRY and not any(given.get(origin) for origin in ORIGINS):
        given["builtin"] = name
    return DatasetSpec(name, **given)
