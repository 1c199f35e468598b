"""What each stored run is, without reading all of them again."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import atomic
from pipeline.study.store.run_store import RunStore

FORMAT = 1


class Entry(NamedTuple):
    """What the index keeps of a stored run."""

    modified_ns: int
    size: int
    status: str
    reason: str
    identity: Mapping[str, Any]


def _files(root: Path) -> dict[str, tuple[int, int]]:
    """Return modification time and size of every stored run."""
    found = {}
    with contextlib.suppress(FileNotFoundError):
        for folder in sorted(e.path for e in os.scandir(root) if len(e.name) == 2 and e.is_dir()):
            for entry in os.scandir(folder):
                # A run may be dropped, or a writer's temporary file moved, meanwhile.
                with contextlib.suppress(FileNotFoundError):
                    if entry.name.endswith(".run") and not entry.name.startswith("."):
                        stat = entry.stat()
                        found[entry.name[:-4]] = (stat.st_mtime_ns, stat.st_size)
    return found


def _cached(path: Path) -> dict[str, Entry]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            return {}
        return {key: Entry(**entry) for key, entry in content["runs"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def stored_runs(store: RunStore) -> dict[str, Entry]:
    """Return an entry for every stored run that can be believed.

    Runs whose file has not changed since are taken from `<store>/index.json`, a cache that
    may be deleted at any time; the others are read, and the index is written anew.
    """
    path, files = store.root / "index.json", _files(store.root)
    before = _cached(path)
    entries: dict[str, Entry] = {}
    for key, stamp in files.items():
        entry = before.get(key)
        if entry is None or (entry.modified_ns, entry.size) != stamp:
            result = store.get(key)
            if result is None:
                continue
            entry = Entry(*stamp, result.status, result.reason, dict(result.identity))
        entries[key] = entry
    if entries != before:
        # A store that cannot be written to can still be read.
        with contextlib.suppress(OSError):
            content = {"format": FORMAT, "runs": {k: e._asdict() for k, e in entries.items()}}
            atomic.write_text(path, json.dumps(content))
    return entries
