"""What a worker does with one run."""

from __future__ import annotations

import contextlib
import math
import platform
import traceback
import warnings
from dataclasses import replace
from functools import lru_cache

import numpy as np

from data_loaders.datasets import Dataset
from data_loaders.errors import DatasetUnavailableError
from data_loaders.load import load_content
from experiments.run.execute import execute
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.environment import environment
from pipeline.study.executors.blame import blame


@lru_cache(maxsize=4)
def _dataset(name: str, content_hash: str) -> Dataset:
    return load_content(name, content_hash)


def failed(spec: RunSpec, reason: str, *, trace: str = "") -> RunResult:
    """Return the result of a run that could not be executed, and where its code raised."""
    tuned, value = spec.recipe.tuned, spec.recipe.tuned_value
    return RunResult(
        run_key=spec.run_key,
        status="failed",
        reason=reason,
        identity=spec.identity,
        metrics={tuned: math.nan if value is None else float(value)} if tuned else {},
        history={},
        labels=np.empty(0, np.uint8),
        outputs=np.empty((0, 1), np.float16),
        test_index=np.empty(0, np.int64),
        environment=environment(),
        traceback=trace,
    )


def attempt(spec: RunSpec) -> RunResult:
    """Execute a run; an exception becomes a failed result that says why.

    Memory that ran out may have been short for a moment: such a run is tried once more, as one
    whose worker died is.
    """
    with contextlib.suppress(MemoryError):
        return _execute(spec)
    # By now the arrays of the first attempt are gone, with the frames of its traceback.
    try:
        return _execute(spec)
    except MemoryError as error:
        return failed(spec, f"memory ran out, 2 times: {error}")


def _execute(spec: RunSpec) -> RunResult:
    try:
        dataset = _dataset(spec.dataset, spec.content_hash)
        # A diverging recipe overflows on its way; the record says so, once.
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", RuntimeWarning)
            return replace(execute(spec, dataset), environment=environment())
    except DatasetUnavailableError as error:
        return failed(spec, f"{platform.node()} lacks the data: {error}")
    except MemoryError:
        raise
    except Exception as error:
        return failed(spec, blame(error), trace=traceback.format_exc())
