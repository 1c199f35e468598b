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

    The system gives the lock back when its holder dies, however it dies.
    """
    root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(root / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print("another study is using this run store; waiting for it", file=sys.stderr)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
