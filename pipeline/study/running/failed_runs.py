"""The end of a study some of whose runs failed."""

from __future__ import annotations


class FailedRunsError(RuntimeError):
    """Runs failed: their faults are to be corrected, whatever the others say."""
