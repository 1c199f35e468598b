"""The end of a study that is to stop at its first failed run."""

from __future__ import annotations


class FirstFailureError(RuntimeError):
    """A run failed, and `--fail-fast` was asked for."""
