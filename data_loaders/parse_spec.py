"""Read what params.yaml writes under a dataset's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from data_loaders.errors import DataError, closest, quoted
from data_loaders.registry import REGISTRY
from data_loaders.spec import FUNCTION, ORIGINS, DatasetSpec

_FIELDS = tuple(field.name for field in fields(DatasetSpec) if field.name != "name")
# A path may be as long.
_LONGEST = 1000
# What a value in YAML must be where it is not a text.
_NUMBERS: Mapping[str, tuple[type, ...]] = {"openml": (int,), "train_size": (int, float)}
_LISTS: Mapping[str, tuple[type, str]] = {
    "drop": (str, "a list of column names"),
    "shape": (int, "a list of whole numbers"),
}


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
        _check_text(where, value)
        if FUNCTION.fullmatch(value):
            return DatasetSpec(name, function=value)
        return DatasetSpec(name, path=value)
    if not isinstance(value, Mapping):
        raise DataError(
            f"{where} must be a path, module:function or {{path: …, label: …}}; got "
            f"{quoted(value)}. Leave it empty for a built-in dataset."
        )
    given = {key: _checked(where, key, item) for key, item in value.items()}
    if name in REGISTRY and not any(given.get(origin) for origin in ORIGINS):
        given["builtin"] = name
    builtin = given.get("builtin")
    if builtin and builtin not in REGISTRY:
        raise DataError(
            f"{where} must name a known dataset; got {quoted(builtin)}. "
            f"{closest(builtin, REGISTRY)}"
        )
    return DatasetSpec(name, **given)


def _checked(where: str, key: Any, value: Any) -> Any:
    """Return a field's value if it has the field's type."""
    if key not in _FIELDS:
        raise DataError(f"{where} has an unknown key {quoted(key)}. {closest(str(key), _FIELDS)}")
    if key in _LISTS:
        inner, words = _LISTS[key]
        good = isinstance(value, list) and all(_is(item, (inner,)) for item in value)
    else:
        words = "a number" if key in _NUMBERS else "a text"
        good = _is(value, _NUMBERS.get(key, (str,)))
    if not good:
        raise DataError(f"{where} {key} must be {words}; got {quoted(value)}. Correct it.")
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str):
            _check_text(f"{where} {key}", text)
    return tuple(value) if key in _LISTS else value


def _check_text(where: str, text: str) -> None:
    if len(text) > _LONGEST or not text.isprintable():
        raise DataError(
            f"{where} must be a text of at most {_LONGEST} printable characters; got "
            f"{quoted(text)}. Correct it."
        )


def _is(value: Any, types: tuple[type, ...]) -> bool:
    """Return whether a value has one of the types; true and false are no numbers."""
    return isinstance(value, types) and not isinstance(value, bool)
