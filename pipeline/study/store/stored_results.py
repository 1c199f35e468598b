"""Results that are read from the store when their turn comes: memory holds one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from experiments.errors import StudyError
from experiments.run.result import RunResult, untrained
from experiments.run.run_spec import RunSpec
from pipeline.study.store.run_store import RunStore
from pipeline.study.store.run_tables import Pair


class StoredResults(Mapping[str, RunResult]):
    """Results by run key, each read anew when it is asked for.

    Held in memory, ten thousand runs on MNIST would take some gigabytes.
    """

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._keys: dict[str, None] = {}

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
