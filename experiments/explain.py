"""What pydantic found wrong, in the house's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from experiments.errors import StudyError, closest


def _rule(error: Mapping[str, Any]) -> str:
    """Say one pydantic error in the house's words: the rule, then what came."""
    context, kind = error.get("ctx") or {}, error["type"]
    bounds = {
        "greater_than": "gt",
        "greater_than_equal": "ge",
        "less_than": "lt",
        "less_than_equal": "le",
    }
    if kind in bounds:
        words = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}[bounds[kind]]
        rule = f"must be {words} {context[bounds[kind]]:g}"
    else:
        rule = error["msg"][0].lower() + error["msg"][1:]
    return f"{rule}; got {error['input']!r}."


def explain(error: ValidationError, prefix: str, fields: Mapping[str, Any]) -> StudyError:
    """Turn pydantic's report into one line about the first fault."""
    first = error.errors()[0]
    path = ".".join([prefix, *(str(part) for part in first["loc"])])
    if first["type"] == "extra_forbidden":
        return StudyError(f"`{path}` is not a known key. {closest(str(first['loc'][-1]), fields)}")
    if first["type"] == "missing":
        return StudyError(f"`{path}` is missing. Add it to params.yaml.")
    inner = (first.get("ctx") or {}).get("error")
    if isinstance(inner, StudyError):
        return StudyError(str(inner).replace(f"`{first['loc'][-1]}", f"`{path}", 1))
    return StudyError(f"`{path}` {_rule(first)}")
