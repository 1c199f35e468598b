"""What a worker does with one run, in a process of this machine or on a Dask cluster."""

from __future__ import annotations

import contextlib
import math
import platform
import site
import sys
import sysconfig
import threading
import traceback
import warnings
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from data_loaders.datasets import Dataset
from data_loaders.errors import DatasetUnavailableError
from data_loaders.load import load_content
from experiments.design.run_source import digest_of
from experiments.run.execute import execute
from experiments.run.result import RunResult, untrained
from experiments.run.run_spec import RunSpec
from experiments.source.digest import module_digests
from experiments.source.modules import PACKAGES, ROOT
from pipeline.study.machine import environment, pin_threads

# A worker with several threads would mix up the CPU times of runs that share its process.
_ONE_AT_A_TIME = threading.Lock()


@lru_cache(maxsize=4)
def _dataset(name: str, content_hash: str) -> Dataset:
    return load_content(name, content_hash)


def failed(spec: RunSpec, reason: str, *, trace: str = "") -> RunResult:
    """Return the result of a run that could not be executed, and where its code raised."""
    tuned, value = spec.recipe.tuned, spec.recipe.tuned_value
    return replace(
        untrained(spec),
        status="failed",
        reason=reason,
        metrics={tuned: math.nan if value is None else float(value)} if tuned else {},
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
        return failed(spec, _blame(error), trace=traceback.format_exc())


def _blame(error: BaseException) -> str:
    """Return an error's type and words, and the last line of the user's own code on its way."""
    text = f"{type(error).__name__}: {' '.join(str(error).split())}".removesuffix(": ")
    frames = traceback.extract_tb(error.__traceback__)
    path, line = next(
        ((Path(f.filename), f.lineno) for f in reversed(frames) if _is_users(Path(f.filename))),
        (None, None),
    )
    if path is None:
        return text
    here = Path.cwd()
    return f"{path.relative_to(here) if path.is_relative_to(here) else path}:{line}: {text}"


def _is_users(path: Path) -> bool:
    """Return whether a file is neither this project's, nor Python's, nor an installed package's."""
    foreign = [ROOT / package for package in (*PACKAGES, "pipeline")]
    foreign += map(Path, (sysconfig.get_path("stdlib"), *site.getsitepackages(), sys.prefix))
    return path.is_file() and not any(path.is_relative_to(folder) for folder in foreign)


@lru_cache(maxsize=1)
def _prepare() -> None:
    """Pin BLAS, and keep the digest of the source as it is loaded."""
    # A worker outlives the study that it first served: source that is edited meanwhile would have
    # the new digest and do what the old source did.
    pin_threads()
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files)
    module_digests(sorted(name for name in names if not name.endswith("__init__")))


def refusal(specs: Sequence[RunSpec]) -> str:
    """Return why this Dask worker executes none of these runs; empty if it does."""
    _prepare()
    if all(digest_of(spec.recipe) == spec.source_digest for spec in specs):
        return ""
    return (
        f"the worker on {platform.node()} has another source than the plan; bring its "
        "checkout up to date and start it anew"
    )


def attempt_on_dask(spec: RunSpec) -> RunResult:
    """Execute a run on this worker, if its source is the source that the plan was made with."""
    with _ONE_AT_A_TIME:
        reason = refusal([spec])
        return failed(spec, reason) if reason else attempt(spec)
