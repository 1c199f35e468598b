"""The one error that bad input raises."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class StudyError(ValueError):
    """Bad input, said in one line: what, the rule, what came, the remedy."""


def closest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that names what exists and the closest match to `name`.

    Examples
    --------
    >>> closest("adma", ["adam", "sgd"])
    'Known: adam, sgd; did you mean adam?'
    """
    names = sorted(known)
    match = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"; did you mean {match[0]}?" if match else "."
    return f"Known: {', '.join(names)}{hint}"
