"""What one MLflow run is to hold, before anything is written, and its numbers as points."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal, NamedTuple

from experiments.run.result import RunResult
from pipeline.tracking.records.names import curve_key

LAYOUT = "3"
"""Raised when artifacts change form, so that the next sync rewrites every run."""

KEY_TAG, DIGEST_TAG, PROJECT_TAG = "run_key", "knockout.digest", "project"
NOTE_TAG = "mlflow.note.content"
# *Compare* begins with the first metric.
_FIRST = ("test", "diff", "best", "final", "time")


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


def span(result: RunResult) -> tuple[int, int]:
    """Return when a run began and ended, in milliseconds since 1970; 0 where it is unknown."""
    began = result.started_at
    start = _milliseconds(datetime.fromisoformat(began).timestamp()) if began else 0
    return start, start + _milliseconds(result.metrics.get("fit_wall_s", 0.0))


def _milliseconds(seconds: float) -> int:
    return round(1000 * seconds) if math.isfinite(seconds) else 0


def _shown(value: float) -> float:
    """Return six significant digits: the UI prints all it gets and cuts at ten."""
    return float(f"{value:.6g}")


def scalar_points(scalars: Mapping[str, float], end: int) -> Iterator[Point]:
    """Yield one point per finite scalar, results first."""

    def rank(key: str) -> int:
        group = key.partition("/")[0]
        return _FIRST.index(group) if group in _FIRST else len(_FIRST)

    for key in sorted(scalars, key=rank):
        if math.isfinite(scalars[key]):
            yield Point(key, _shown(scalars[key]), end, 0)


def curve_points(history: Mapping[str, list[float]], start: int) -> Iterator[Point]:
    """Yield one point per curve and epoch, stamped with the time at which the epoch ended.

    A value that is not finite is kept as NaN: infinity would become 1.8e308 in the store and
    flatten every chart.
    """
    epochs = history.get("epoch", [])
    elapsed = history.get("elapsed_s", [0.0] * len(epochs))
    ends = [(start + _milliseconds(s), int(e)) for s, e in zip(elapsed, epochs, strict=True)]
    for column, values in history.items():
        if key := curve_key(column):
            for end, value in zip(ends, values, strict=True):
                yield Point(key, _shown(value) if math.isfinite(value) else math.nan, *end)
