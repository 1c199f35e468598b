"""What a Dask worker does with one run."""

from __future__ import annotations

import platform
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from experiments.design.run_source import digest_of
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from experiments.source.digest import module_digests
from experiments.source.modules import PACKAGES, ROOT
from pipeline.study.executors.machine import pin_threads
from pipeline.study.executors.task import attempt, failed

# A worker with several threads would mix up the CPU times of runs that share its process.
_ONE_AT_A_TIME = threading.Lock()


@lru_cache(maxsize=1)
def _prepare() -> None:
    """Pin BLAS, and keep the digest of the source as it is loaded."""
    # A worker outlives the study that it first served: source that is edited meanwhile would have
    # the new digest and do what the old source did.
    pin_threads()
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    names = (".".join(Path(f).relative_to(ROOT).with_suffix("").parts) for f in files)
    module_digests(sorted(name for name in names if not name.endswith("__init__")))


def refusal(specs: Sequence[RunSpec]) -> str:
    """Return why this worker executes none of these runs; empty if it does."""
    _prepare()
    if all(digest_of(spec.recipe) == spec.source_digest for spec in specs):
        return ""
    return (
        f"the worker on {platform.node()} has another source than the plan; bring its "
        "checkout up to date and start it anew"
    )


def attempt_here(spec: RunSpec) -> RunResult:
    """Execute a run on this worker, if its source is the source that the plan was made with."""
    with _ONE_AT_A_TIME:
        reason = refusal([spec])
        return failed(spec, reason) if reason else attempt(spec)
