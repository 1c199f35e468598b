"""What the store holds: what each run is without reading it, and results one at a time."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.errors import StudyError
from experiments.run.result import RunResult, untrained
from experiments.run.run_spec import RunSpec
from pipeline import atomic
from pipeline.study.store.run_store import RunStore

# The first line of the index, before the checksum of the rest.
FORMAT = b"2 "


@dataclass(frozen=True)
class Entry:
    """What the index keeps of a stored run; `record` is the JSON of its reason and identity.

    A store has more runs than anybody asks about: nothing of the record is read before.
    """

    modified_ns: int
    size: int
    status: str
    record: str

    @property
    def reason(self) -> str:
        """Why it failed; empty when it did not."""
        return str(json.loads(self.record)[0])

    @cached_property
    def identity(self) -> Mapping[str, Any]:
        """Everything that decided what it computed."""
        identity: Mapping[str, Any] = json.loads(self.record)[1]
        return identity


def entry_of(result: RunResult, modified_ns: int, size: int) -> Entry:
    """Return the entry of a result whose file has this time and size."""
    record = json.dumps([result.reason, dict(result.identity)])
    return Entry(modified_ns, size, result.status, record)


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
    """Return the entries of an index that is as it was written; none of any other."""
    try:
        head, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return {}
    if head != FORMAT + hashlib.sha256(body).hexdigest().encode():
        return {}
    lines = (line.split(" ", 4) for line in body.decode().splitlines())
    return {key: Entry(int(ns), int(size), *rest) for key, ns, size, *rest in lines}


def _write(path: Path, entries: Mapping[str, Entry]) -> None:
    """Write a line for each run: its key, its file's time and size, its status, its record."""
    body = "".join(
        f"{key} {e.modified_ns} {e.size} {e.status} {e.record}\n" for key, e in entries.items()
    ).encode()
    atomic.write_bytes(path, FORMAT + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def stored_runs(store: RunStore) -> dict[str, Entry]:
    """Return an entry for every stored run that can be believed.

    Runs whose file has not changed since are taken from `<store>/index`, a cache that may be
    deleted at any time; the others are read, and the index is written anew.
    """
    path, files = store.root / "index", _files(store.root)
    before = _cached(path)
    entries: dict[str, Entry] = {}
    for key, stamp in files.items():
        entry = before.get(key)
        if entry is None or (entry.modified_ns, entry.size) != stamp:
            result = store.get(key)
            if result is None:
                continue
            entry = entry_of(result, *stamp)
        entries[key] = entry
    if entries != before:
        # A store that cannot be written to can still be read.
        with contextlib.suppress(OSError):
            _write(path, entries)
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
