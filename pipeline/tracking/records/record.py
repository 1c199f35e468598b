"""What one MLflow run is to hold, before anything is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

LAYOUT = "3"
"""Raised when artifacts change form, so that the next sync rewrites every run."""

KEY_TAG, DIGEST_TAG, PROJECT_TAG = "run_key", "knockout.digest", "project"
NOTE_TAG = "mlflow.note.content"


def texts_of(of: object, *names: str) -> dict[str, str]:
    """Return some attributes by their names, as texts."""
    return {name: str(getattr(of, name)) for name in names}


class Point(NamedTuple):
    """One value of a metric; `timestamp` is in milliseconds since 1970, UTC."""

    key: str
    value: float
    timestamp: int
    step: int


class DatasetUse(NamedTuple):
    """The dataset that a run consumed: its name and the hash of its decoded arrays."""

    name: str
    content_hash: str

    @property
    def described(self) -> tuple[str, str, str, str]:
        """Name, short hash (MLflow shows few digits), kind of source, and source, as MLflow has."""
        short = self.content_hash.rpartition(":")[2][:12]
        return self.name, short, "knockout", json.dumps(self._asdict())


@dataclass(frozen=True)
class Record:
    """One MLflow run: found by its key, rewritten when its digest changes.

    `key` identifies it inside its experiment, `name` is what the UI shows. Times are in
    milliseconds since 1970, UTC. Params can be filtered and shown as columns, tags carry the rest;
    scalars are metrics of step 0, and curves have a point per epoch. `artifacts`, from file name
    to text, are asked for only when the run is written.
    """

    key: str
    name: str
    status: Literal["FINISHED", "FAILED"]
    start: int
    end: int
    params: Mapping[str, str]
    tags: Mapping[str, str]
    metrics: tuple[Point, ...] = ()
    dataset: DatasetUse | None = None
    artifacts: Callable[[], Mapping[str, str]] | None = None

    @property
    def all_tags(self) -> dict[str, str]:
        """Every tag of the record, those that tie the run to it among them."""
        return {**self.tags, KEY_TAG: self.key, DIGEST_TAG: self.digest}

    @cached_property
    def digest(self) -> str:
        """Hash of everything a reader sees, 16 hex digits."""
        content = [LAYOUT, self.key, self.name, self.status, self.start, self.end]
        seen = [*content, dict(self.params), dict(self.tags), self.metrics, self.dataset]
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]
