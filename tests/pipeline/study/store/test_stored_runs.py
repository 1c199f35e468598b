"""What the store holds: an index that is never wrong, results that are read when needed."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from experiments.design.study import parse_study
from experiments.errors import StudyError
from pipeline.study.executors.task import failed
from pipeline.study.store.run_store import RunStore
from pipeline.study.store.run_tables import predictions_table
from pipeline.study.store.stored_runs import StoredPairs, StoredResults, stored_runs
from pipeline.study.store.table_file import read_table, write_table
from tests.plans import planned

STUDY = parse_study({"datasets": ["digits"], "factors": {"optimizer": ["sgd", "adam"]}})
SPECS = planned(STUDY)


@pytest.fixture
def pairs(tmp_path: Path) -> StoredPairs:
    """Fifteen runs, of which the first three failed and so answered nothing."""
    results = StoredResults(RunStore(tmp_path))
    for number, spec in enumerate(SPECS):
        result = failed(spec, "no memory")
        if number >= 3:
            labels = np.arange(20, dtype=np.uint8) % 10
            outputs = np.full((20, 10), -number, np.float16)
            result = replace(result, status="ok", labels=labels, outputs=outputs)
        RunStore(tmp_path).put(result)
        results.add(spec.run_key)
    return StoredPairs(SPECS, results)


@pytest.fixture
def store(pairs: StoredPairs, tmp_path: Path) -> RunStore:
    """The store of these runs."""
    return RunStore(tmp_path)


@pytest.mark.parametrize("n", [1, 2, 4, 100])
def test_a_table_written_part_by_part_is_the_whole_one(
    pairs: StoredPairs, tmp_path: Path, n: int
) -> None:
    whole, path = predictions_table(pairs), tmp_path / "t.parquet"
    assert len(whole) == len(SPECS) - 3
    write_table(path, (predictions_table(part) for part in pairs.parts(n)))
    pd.testing.assert_frame_equal(read_table(path), whole)
    assert parquet.read_metadata(path).num_row_groups >= len(whole) // n


def test_a_study_without_answers_has_a_table_without_rows(
    pairs: StoredPairs, tmp_path: Path
) -> None:
    none = StoredPairs(SPECS[:3], pairs.results)
    write_table(tmp_path / "t.parquet", (predictions_table(part) for part in none.parts(2)))
    assert read_table(tmp_path / "t.parquet").empty


def test_a_file_that_vanishes_while_the_study_runs_is_one_line(
    pairs: StoredPairs, tmp_path: Path
) -> None:
    assert len(pairs.results) == len(SPECS)
    RunStore(tmp_path).path(SPECS[4].run_key).unlink()
    with pytest.raises(StudyError, match="damaged meanwhile"):
        list(pairs)
    with pytest.raises(KeyError):
        pairs.results["never trained"]


class TestIndex:
    """The index is a cache: never wrong, never needed."""

    def test_runs_that_come_go_and_change_are_noticed(self, store: RunStore) -> None:
        spec = SPECS[-1]
        assert len(stored_runs(store)) == len(SPECS)
        store.put(failed(spec, "a longer file than before"))
        assert stored_runs(store)[spec.run_key].status == "failed"
        store.path(spec.run_key).unlink()
        assert spec.run_key not in stored_runs(store)

    def test_unchanged_runs_are_not_read_again(
        self, store: RunStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = stored_runs(store)

        def refuse(self: RunStore, key: str) -> None:
            raise AssertionError(f"{key} was read again")

        monkeypatch.setattr(RunStore, "get", refuse)
        assert stored_runs(store) == first

    @pytest.mark.parametrize(
        "damage", [(b"", b"1"), (b"2 ", b"3 "), (b" ok ", b" no "), (b"}", b"")]
    )
    def test_a_damaged_index_is_made_anew(
        self, store: RunStore, damage: tuple[bytes, bytes]
    ) -> None:
        first, path = stored_runs(store), store.root / "index"
        whole = path.read_bytes()
        path.write_bytes(whole.replace(*damage, 1))
        assert path.read_bytes() != whole
        assert stored_runs(store) == first
        assert path.read_bytes() == whole

    def test_what_nobody_asks_of_a_run_is_not_parsed(
        self, store: RunStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stored_runs(store)
        with monkeypatch.context() as patch:
            patch.setattr(json, "loads", None)
            entries = stored_runs(store)
        spec = SPECS[0]
        assert entries[spec.run_key].identity == spec.identity
        assert entries[spec.run_key].reason == "no memory"

    def test_a_damaged_run_is_not_listed(self, store: RunStore) -> None:
        key = SPECS[-1].run_key
        store.path(key).write_bytes(b"cut")
        assert key not in stored_runs(store)

    def test_a_store_that_is_not_there_is_empty(self, tmp_path: Path) -> None:
        assert stored_runs(RunStore(tmp_path / "nowhere")) == {}
