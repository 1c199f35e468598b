"""What pydantic found wrong, in the house's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from experiments.errors import StudyError, closest, quoted

_BOUNDS = {
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at most", "le"),
}
# The first part of pydantic's kinds of error, such as int_parsing, and what was wanted.
_WANTED = {
    "bool": "true or false",
    "dict": "a mapping",
    "float": "a number",
    "int": "a whole number",
    "mapping": "a mapping",
    "model": "a mapping",
    "string": "text",
    "tuple": "a list",
}


def _rule(error: Mapping[str, Any]) -> str:
    """Say one pydantic error in the house's words: the rule, then what came."""
    context, kind = error.get("ctx") or {}, error["type"]
    if kind in _BOUNDS:
        word, name = _BOUNDS[kind]
        rule = f"must be {word} {context[name]:g}"
    elif kind == "literal_error":
        rule = f"must be one of {context['expected'].replace(' or ', ', ')}"
    elif kind == "string_pattern_mismatch":
        rule = f"must match {context['pattern']}"
    elif kind.split("_")[0] in _WANTED:
        rule = f"must be {_WANTED[kind.split('_')[0]]}"
    else:
        rule = error["msg"][0].lower() + error["msg"][1:]
    return f"{rule}; got {quoted(error['input'])}."


def _path(prefix: str, parts: Sequence[str | int]) -> str:
    """Return `study.recipe.hidden[0]`."""
    return prefix + "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in parts)


def explain(error: ValidationError, prefix: str, fields: Mapping[str, Iterable[str]]) -> StudyError:
    """Turn pydantic's report into one line about the first fault.

    Parameters
    ----------
    error : ValidationError
        What pydantic found.
    prefix : str
        The key path of what was validated.
    fields : mapping of str to iterable of str
        The keys that exist there, by the path of the mapping that they stand in ("" for the
        outermost).
    """
    first = error.errors()[0]
    path = _path(prefix, first["loc"])
    if first["type"] == "extra_forbidden":
        known = fields[".".join(map(str, first["loc"][:-1]))]
        return StudyError(f"`{path}` is not a known key. {closest(str(first['loc'][-1]), known)}")
    if first["type"] == "missing":
        return StudyError(f"`{path}` is missing. Add it to params.yaml.")
    inner = (first.get("ctx") or {}).get("error")
    if isinstance(inner, StudyError):
        return StudyError(str(inner).replace(f"`{first['loc'][-1]}", f"`{path}", 1))
    return StudyError(f"`{path}` {_rule(first)}")
