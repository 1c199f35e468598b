"""What a recipe's field may hold, whatever the field: a value that a training can tell apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.errors import StudyError, quoted

_LARGEST_INT = 10**9
_MOST_ENTRIES = 256
_LONGEST_TEXT = 200
_SMALLEST, _LARGEST = float(np.finfo(np.float32).tiny), float(np.finfo(np.float32).max)
# What YAML 1.2 reads as words and people write for true and false.
_SWITCHES = ("on", "off", "yes", "no", "true", "false")


def check_kind(written: Any, held: Any, where: str) -> None:
    """Refuse what params.yaml writes as one type and the recipe reads as another.

    Pydantic takes the text "1e-3" for a number, and true for 1: a slip of the pen either way.

    Raises
    ------
    StudyError
        If the two are of different kinds; `where` is the key path.
    """
    if isinstance(held, bool):
        good = isinstance(written, bool) or str(written).lower() in _SWITCHES
        rule = "true or false"
    elif isinstance(held, int | float):
        good = isinstance(written, int | float) and not isinstance(written, bool)
        rule = "a number"
    elif isinstance(held, str):
        good, rule = isinstance(written, str), "text"
    elif isinstance(held, tuple | list):
        good, rule = isinstance(written, list | tuple), "a list"
    else:
        return
    if not good:
        raise StudyError(f"`{where}` must be {rule}; got {quoted(written)}. Correct it.")
    if isinstance(held, tuple | list):
        for i, (one, other) in enumerate(zip(written, held, strict=False)):
            check_kind(one, other, f"{where}[{i}]")


def check_value(value: Any, where: str) -> None:
    """Refuse a value that cannot be part of a run's identity, or that no training can use.

    Parameters
    ----------
    value : object
        A field as `Recipe.as_dict` gives it: plain, or nested in lists and mappings.
    where : str
        The key path, for the error.

    Raises
    ------
    StudyError
        If it is neither a number, a text, nor a list or mapping of such; if a number is not 0 and
        32-bit floats cannot hold it; or if a whole number, a text or a list is absurdly large.
    """
    rule = ""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if not isinstance(name, str):
                rule = "must have names as keys"
                break
            check_value(part, f"{where}.{name}")
    elif isinstance(value, str):
        if len(value) > _LONGEST_TEXT or not value.isprintable():
            rule = f"must be a text of at most {_LONGEST_TEXT} printable characters"
    elif isinstance(value, Sequence):
        for i, part in enumerate(value[:_MOST_ENTRIES]):
            check_value(part, f"{where}[{i}]")
        if len(value) > _MOST_ENTRIES:
            rule = f"must have at most {_MOST_ENTRIES} entries"
    elif value is None or isinstance(value, bool):
        pass
    elif isinstance(value, int):
        if abs(value) > _LARGEST_INT:
            rule = f"must be at most {_LARGEST_INT:,} in size"
    elif not isinstance(value, float):
        rule = (
            "must be a finite number, a text, or a list of such, because it becomes part of a "
            "run's identity"
        )
    elif not math.isfinite(value):
        rule = "must be finite"
    elif value and not _SMALLEST <= abs(value) <= _LARGEST:
        rule = f"must be 0, or between {_SMALLEST:.1g} and {_LARGEST:.1g} in size"
    if rule:
        raise StudyError(f"`{where}` {rule}; got {quoted(value)}. Correct it.")
