"""The end of a study that has nothing to say for its failed runs."""

from __future__ import annotations


class FailedRunsError(RuntimeError):
    """Every run failed, or one did and `--fail-fast` was asked for."""
