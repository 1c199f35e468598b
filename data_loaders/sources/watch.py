"""Wait for a source as long as it gives signs of life, and no longer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from data_loaders.errors import SourceError

SILENCE_S = 4.0
TOTAL_SILENCE_S = 8.0
LIMIT_S = 1800.0
_POLL_S = 0.1
# Processor time that looking on itself never takes, and that a crowded machine still grants.
_WORK_S = 0.05

T = TypeVar("T")


class _Attempt(threading.Thread, Generic[T]):
    """A call in a daemon thread: one that never returns does not hold up the process's end."""

    def __init__(self, work: Callable[[], T]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self.value: T | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.value = self._work()
        except Exception as error:
            self.error = error


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:  # a temporary file that was just renamed
            continue
    return total


class Watch:
    """Runs fetches one after the other, with a bound on their silence taken together.

    A sign of life is a byte more in the working folder, or the process computing (a large table
    is parsed for seconds after its last byte). A slow download is never cut while it moves.

    Parameters
    ----------
    silence_s : float
        Longest silence of one source.
    total_s : float
        Longest silence of all sources that were given up, together.
    limit_s : float
        Longest time for one source, whatever it does: a trickle is no download.
    """

    def __init__(
        self,
        *,
        silence_s: float = SILENCE_S,
        total_s: float = TOTAL_SILENCE_S,
        limit_s: float = LIMIT_S,
    ) -> None:
        self._silence_s, self._left, self._limit_s = silence_s, total_s, limit_s

    def run(self, work: Callable[[], T], folder: Path) -> T:
        """Return what `work` returns; it writes to `folder`.

        Raises
        ------
        SourceError
            If it stays silent for too long, or the time for silence is used up already.
        Exception
            Whatever `work` raises.
        """
        allowed = min(self._silence_s, self._left)
        if allowed <= 0:
            raise SourceError("not tried, the time for sources that stay silent is used up")
        attempt = _Attempt(work)
        attempt.start()
        started = alive = time.monotonic()
        size, cpu = -1, time.process_time()
        while True:
            attempt.join(_POLL_S)
            if not attempt.is_alive():
                break
            now, now_cpu, now_size = time.monotonic(), time.process_time(), _bytes_in(folder)
            if now_size != size or now_cpu - cpu > _WORK_S:
                alive, size, cpu = now, now_size, now_cpu
            if now - alive >= allowed:
                self._left -= now - alive
                raise SourceError(f"no answer for {now - alive:.0f} s")
            if now - started >= self._limit_s:
                raise SourceError(f"not done after {self._limit_s:g} s")
        if attempt.error is not None:
            raise attempt.error
        return attempt.value  # type: ignore[return-value]
