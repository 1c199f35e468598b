"""What a run's numbers are called in MLflow, and how they become points."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime

from experiments.run.result import RunResult
from pipeline.tracking.records.record import Point

_COUNTS = ("best_epoch", "diverged_epoch", "diverged_step")
_FIRST = ("test", "diff", "best", "final", "time")


def metric_key(column: str) -> str | None:
    """Return the metric that shows a scalar of a run; None for one that is no metric.

    Validation scalars are those of the epoch that was kept.

    >>> [metric_key(name) for name in ("test_log_loss", "val_accuracy", "forward_s", "n_test")]
    ['test/log_loss', 'best/val_accuracy', 'time/forward_s', None]
    """
    if column in _COUNTS:
        return column.replace("_", "/")
    if column.startswith("test_"):
        return f"test/{column.removeprefix('test_')}"
    if column.startswith("val_"):
        return f"best/{column}"
    return f"time/{column}" if column.endswith("_s") else None


def curve_key(column: str) -> str | None:
    """Return the metric that shows a column of learning curves; None for clocks and counts.

    >>> [curve_key(name) for name in ("val_loss", "learning_rate", "depth", "forward_s", "epoch")]
    ['val/loss', 'train/learning_rate', 'epoch/depth', None, None]
    """
    if column in ("epoch", "steps") or column.endswith("_s"):
        return None
    if column == "learning_rate":
        return "train/learning_rate"
    part, _, name = column.partition("_")
    return f"{part}/{name}" if part in ("train", "val") and name else f"epoch/{column}"


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


def curve_points(history: Mapping[str, list[float]], start: int) -> Iterator[Point]:
    """Yield one point per curve and epoch, stamped with the time at which the epoch ended.

    A value that is not finite is kept as NaN: infinity would become 1.8e308 in the store and
    flatten every chart.
    """
    epochs = history.get("epoch", [])
    elapsed = history.get("elapsed_s", [0.0] * len(epochs))
    ends = [(start + _milliseconds(s), int(e)) for s, e in zip(elapsed, epochs, strict=True)]
    # In the order that the store gives: the record's digest is that of the run as it finished.
    for column, values in sorted(history.items()):
        if key := curve_key(column):
            for end, value in zip(ends, values, strict=True):
                yield Point(key, _shown(value) if math.isfinite(value) else math.nan, *end)


def scalar_points(scalars: Mapping[str, float], end: int) -> Iterator[Point]:
    """Yield one point per finite scalar, results first: *Compare* begins with the first metric."""

    def rank(key: str) -> tuple[int, str]:
        group = key.partition("/")[0]
        return _FIRST.index(group) if group in _FIRST else len(_FIRST), key

    for key in sorted(scalars, key=rank):
        if math.isfinite(scalars[key]):
            yield Point(key, _shown(scalars[key]), end, 0)
