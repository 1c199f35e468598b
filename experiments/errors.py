"""The one error that bad input raises."""

from __future__ import annotations

# The one spelling of "did you mean", handed on for the study's errors.
from data_loaders.errors import closest as closest


class StudyError(ValueError):
    """Bad input, said in one line: what, the rule, what came, the remedy."""
