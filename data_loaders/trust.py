"""Trust at first use: content that nobody published a hash of is remembered by its own.

The content hash is recorded when a dataset is read for the first time, and later uses must find
the same. An untouched file is not read again: its arrays are mapped from the cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data_loaders import cache
from data_loaders.arrays import Arrays, content_hash
from data_loaders.errors import DataError


@dataclass(frozen=True)
class Trusted:
    """Arrays that are what they were at their first use."""

    content_hash: str
    arrays: Arrays
    notes: tuple[str, ...]


def trusted(
    name: str,
    origin: str,
    stamp: str | None,
    read: Callable[[], tuple[Arrays, list[str]]],
    cache_dir: Path,
) -> Trusted:
    """Return a dataset's arrays from the cache if nothing was touched, else read them anew.

    Parameters
    ----------
    name : str
        The dataset.
    origin : str
        Where it comes from and how it is read: each has a record of its own.
    stamp : str, optional
        What tells an untouched origin; None reads it each time.
    read : callable
        Returns arrays and notes.
    cache_dir : Path
        The data cache, which also keeps the record.

    Raises
    ------
    DataError
        If the content changed since its first use.
    """
    record = record_path(cache_dir, name, origin)
    known = _read(record)
    expected = known.get("content_hash")
    if expected and stamp is not None and known.get("stamp") == stamp:
        arrays = cache.read(cache_dir, name, str(expected))
        if arrays is not None:
            return Trusted(str(expected), arrays, tuple(known.get("notes", ())))
    arrays, notes = read()
    found = content_hash(arrays)
    if expected not in (None, found):
        raise DataError(
            f"{name} ({origin.partition(' as ')[0]}) must keep the content of its first use, "
            f"{expected}; got {found}. Restore it, or delete {record} to trust what is there now."
        )
    kept = cache.keep(cache_dir, name, found, arrays)
    content = {"origin": origin, "stamp": stamp, "content_hash": found, "notes": notes}
    with contextlib.suppress(OSError):  # a cache that cannot be written was warned of already
        _write(record, content)
    return Trusted(found, kept, tuple(notes))


def record_path(cache_dir: Path, name: str, origin: str) -> Path:
    """Return the file that remembers a dataset's first use."""
    key = hashlib.sha256(f"{name} {origin}".encode()).hexdigest()[:16]
    return cache_dir / "trusted" / f"{key}.json"


def _read(record: Path) -> dict[str, Any]:
    try:
        found = json.loads(record.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(record: Path, content: dict[str, Any]) -> None:
    record.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=record.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(record)
    finally:
        Path(temporary).unlink(missing_ok=True)
