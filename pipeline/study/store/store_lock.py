"""One study at a time in one store."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def store_lock(root: Path) -> Iterator[None]:
    """Hold the store's lock; wait, and say so, while another process holds it.

    The system gives the lock back when its holder dies, however it dies. An OSError says that the
    folder cannot be made or locked, as on some network disks.
    """
    lock = FileLock(root / "lock")
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        print("another study is using this run store; waiting for it", file=sys.stderr)
        lock.acquire()
    except OSError as error:
        raise OSError(
            f"run store: {root} must be a folder that can be written and locked; "
            f"{error.strerror}. Set KNOCKOUT_STORE to a folder on a local disk."
        ) from error
    try:
        yield
    finally:
        lock.release()
