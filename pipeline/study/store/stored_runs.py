"""What the store holds: what each run is without reading it, and results one at a time."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from experiments.errors import StudyError
from experiments.run.result import RunResult, untrained
from experiments.run.run_spec import RunSpec
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
        content = json.loads(path.read_bytes())
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


class StoredResults(Mapping[str, RunResult]):
    """Results by run key, each read anew when it is asked for.

    Held in memory, ten thousand runs on MNIST would take some gigabytes.
    """

    def __init__(self, store: RunStore, run_keys: Iterable[str] = ()) -> None:
        self._store, self._keys = store, dict.fromkeys(run_keys)

    def add(self, run_key: str) -> None:
        """Take up a run that the store holds."""
        self._keys[run_key] = None

    def __contains__(self, run_key: object) -> bool:
        return run_key in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, run_key: str) -> RunResult:
        if run_key not in self._keys:
            raise KeyError(run_key)
        result = self._store.get(run_key)
        if result is None:
            path = self._store.path(run_key)
            raise StudyError(
                f"{path} must stay while the study runs; it was deleted or damaged meanwhile. "
                "Run the study again: this run is trained anew."
            )
        return result


Pair = tuple[RunSpec, RunResult]


@dataclass(frozen=True)
class StoredPairs:
    """Runs that have ended, in the order of the plan, with their results; iterated at will."""

    specs: Sequence[RunSpec]
    results: Mapping[str, RunResult]

    def __iter__(self) -> Iterator[Pair]:
        for spec in self.specs:
            is_tuned = spec.state != "not_tuned"
            yield spec, self.results[spec.run_key] if is_tuned else untrained(spec)

    def parts(self, n: int) -> Iterator[StoredPairs]:
        """Yield them `n` at a time; one part without any where there are none."""
        for start in range(0, max(1, len(self.specs)), n):
            yield StoredPairs(self.specs[start : start + n], self.results)
