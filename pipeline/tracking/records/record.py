"""What one MLflow run is to hold, before anything is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple

LAYOUT = "3"
"""Raised when artifacts change form, so that the next sync rewrites every run."""

KEY_TAG = "run_key"
DIGEST_TAG = "knockout.digest"
PROJECT_TAG = "project"
NOTE_TAG = "mlflow.note.content"


class Point(NamedTuple):
    """One value of a metric; `timestamp` is in milliseconds since 1970, UTC."""

    key: str
    value: float
    timestamp: int
    step: int


@dataclass(frozen=True)
class DatasetUse:
    """The dataset that a run consumed: its name and the hash of its decoded arrays."""

    name: str
    content_hash: str
    source_type: ClassVar[str] = "knockout"
    context: ClassVar[tuple[str, str]] = ("mlflow.data.context", "training")

    @property
    def digest(self) -> str:
        """The hash's first digits: MLflow shows few."""
        return self.content_hash.rpartition(":")[2][:12]

    @property
    def source(self) -> str:
        """Name and whole hash, as MLflow keeps where data come from."""
        return json.dumps({"name": self.name, "content_hash": self.content_hash})


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
    dataset : DatasetUse or None
        Logged as the run's input.
    provenance : mapping of str to str
        Tags that say where the run was logged from; they may differ without the run
        being another one, so the digest leaves them out.
    artifacts : callable
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
    provenance: Mapping[str, str] = field(default_factory=dict)
    artifacts: Callable[[], Mapping[str, str]] = dict

    @property
    def has_artifacts(self) -> bool:
        """Whether files go with the run."""
        return self.artifacts is not dict

    @property
    def all_tags(self) -> dict[str, str]:
        """Every tag that is written, those that tie the run to its record among them."""
        ties = {KEY_TAG: self.key, DIGEST_TAG: self.digest}
        return {**self.tags, **self.provenance, **ties}

    @property
    def digest(self) -> str:
        """Hash of everything a reader sees, 16 hex digits."""
        content = [
            LAYOUT,
            self.key,
            self.name,
            self.status,
            self.start,
            self.end,
            dict(self.params),
            dict(self.tags),
            [tuple(point) for point in self.metrics],
            None if self.dataset is None else [self.dataset.name, self.dataset.content_hash],
        ]
        text = json.dumps(content, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
