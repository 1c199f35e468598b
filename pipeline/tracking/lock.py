"""One writer at a time, across processes."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_POLL_SECONDS = 0.05


class BusyError(RuntimeError):
    """Another process holds the lock."""


@contextmanager
def exclusive(path: Path, *, timeout: float) -> Iterator[None]:
    """Hold the lock at `path` for the length of a `with` block.

    The operating system frees the lock when its holder ends, however it ends, so a file that
    is left behind blocks nobody.

    Parameters
    ----------
    path : Path
        The lock file; its folder is created.
    timeout : float
        Seconds to wait; 0 asks once.

    Raises
    ------
    BusyError
        If another process still holds the lock after `timeout`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + timeout
    with path.open("a") as stream:
        while not _acquired(stream.fileno()):
            if time.monotonic() >= deadline:
                raise BusyError(
                    f"{path} — one process at a time — another one holds it; "
                    f"waited {timeout:g} s. Try again when it has ended."
                )
            time.sleep(_POLL_SECONDS)
        yield


def _acquired(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
