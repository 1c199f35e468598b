"""What one MLflow run is to hold, before anything is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

LAYOUT = "3"
"""Raised when artifacts change form, so that the next sync rewrites every run."""

KEY_TAG = "run_key"
DIGEST_TAG = "knockout.digest"
PROJECT_TAG = "project"
NOTE_TAG = "mlflow.note.content"
SOURCE_TYPE = "knockout"
DATASET_CONTEXT = ("mlflow.data.context", "training")


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
    def digest(self) -> str:
        """The hash's first digits: MLflow shows few."""
        return self.content_hash.rpartition(":")[2][:12]

    @property
    def source(self) -> str:
        """Name and whole hash, as MLflow keeps where data come from."""
        return json.dumps(self._asdict())


@dataclass(frozen=True)
class Record:
    """One MLflow run: found by its key, rewritten when its digest changes.

    Parameters
    ----------
    key : str
        Identifies the run inside its experiment; kept in the tag `run_key`.
    name : str
        What the UI shows.
    status : {"FINISHED", "FAILED"}
        FAILED for a run that diverged or whose process failed.
    start, end : int
        Milliseconds since 1970, UTC.
    params, tags : mapping of str to str
        Params can be filtered and shown as columns; tags carry the rest.
    metrics : tuple of Point
        Scalars (step 0) and curves (one point per epoch).
    dataset : DatasetUse, optional
        Logged as the run's input.
    artifacts : callable, optional
        Returns file name → text; called only when the run is written.
    """

    key: str
    name: str
    status: Literal["FINISHED", "FAILED"]
    start: int
    end: int
    params: Mapping[str, str]
    tags: Mapping[str, str]
    metrics: tuple[Point, ...]
    dataset: DatasetUse | None = None
    artifacts: Callable[[], Mapping[str, str]] | None = None

    @property
    def all_tags(self) -> dict[str, str]:
        """Every tag of the record, those that tie the run to it among them."""
        return {**self.tags, KEY_TAG: self.key, DIGEST_TAG: self.digest}

    @property
    def digest(self) -> str:
        """Hash of everything a reader sees, 16 hex digits."""
        content = [LAYOUT, self.key, self.name, self.status, self.start, self.end]
        seen = [*content, dict(self.params), dict(self.tags), self.metrics, self.dataset]
        text = json.dumps(seen, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
