"""Execute runs one after the other in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.executors.task import attempt


def run_in_process(specs: Sequence[RunSpec]) -> Iterator[RunResult]:
    """Yield the result of each run in order."""
    for spec in specs:
        yield attempt(spec)
