"""The one error that bad input raises."""

from __future__ import annotations

# One spelling of "did you mean" and of an echoed value, handed on for the study's errors.
from data_loaders.errors import InputError
from data_loaders.errors import closest as closest
from data_loaders.errors import quoted as quoted


class StudyError(InputError):
    """Bad input, said in one line: what, the rule, what came, the remedy."""
