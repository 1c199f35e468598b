"""A bound on how long silent sources may be waited for, over all of them together."""

from __future__ import annotations

import time

PATIENCE_S = 3.0
TOTAL_SILENCE_S = 12.0


class Deadline:
    """Time spent on sources that delivered nothing.

    A slow download that makes progress is never cut; only silence counts, since a connection
    may keep silent for `patience()` seconds and a failed source charges what it took.
    """

    def __init__(self, total_s: float = TOTAL_SILENCE_S) -> None:
        self._left = total_s

    def patience(self) -> float:
        """Return how many seconds a connection may keep silent."""
        return max(0.1, min(PATIENCE_S, self._left))

    def charge(self, started: float) -> None:
        """Count the time since `started` (time.monotonic) against the total."""
        self._left -= time.monotonic() - started

    @property
    def spent(self) -> bool:
        """Whether no further source should be tried."""
        return self._left <= 0
