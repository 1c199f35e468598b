"""Whether a further look fits: worked sums of stored times."""

import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from experiments.design.plan import whole_blocks
from experiments.design.study import parse_study
from experiments.design.tuning import tuning_plan
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard, write_card
from pipeline.study.executors.task import failed
from pipeline.study.project import Project
from pipeline.study.running.study_looks import fits
from pipeline.study.settings import parse_settings
from pipeline.study.store.table_file import write_table
from tests.plans import planned

STUDY = parse_study(
    {
        "datasets": ["digits", "mnist"],
        "factors": {"optimizer": ["sgd", "adam"]},
        "replicates": {"from": 2, "to": 4},
        "tune": {"trials": 2},
    }
)
CARDS = {name: DatasetCard(name, True, True, "h") for name in STUDY.datasets}


def asked(budget: float | None, root: Path) -> Project:
    settings = parse_settings({"run": {"executor": "in-process"}})
    return Project(root, STUDY.model_copy(update={"budget": budget}), settings)


def took(spec: RunSpec, seconds: float) -> RunResult:
    return replace(failed(spec, ""), status="ok", metrics={"fit_wall_s": seconds})


def first_look(dataset: str = "digits") -> tuple[list[RunResult], list[RunSpec]]:
    """Three cells in two blocks at 10 s a run; two trials of each of three arms at 4 s: 108 s."""
    runs = [spec for spec in planned(STUDY, dataset=dataset) if spec.replicate < 2]
    trials = [t.spec for t in tuning_plan(STUDY, dataset, "h", {}, whole_blocks(STUDY, 2))]
    return [*(took(spec, 10) for spec in runs), *(took(spec, 4) for spec in trials)], runs


FURTHER = dict.fromkeys(STUDY.cells, 2) | {"baseline": 4, "adam": 4}
# Two blocks more of two cells and their two arms.
OWN, NEXT = 6 * 10 + 12 * 4, 4 * 10 + 8 * 4


@pytest.mark.parametrize(("spare", "expected"), [(0, True), (-0.1, False)])
def test_a_look_fits_when_what_was_and_what_comes_do(
    tmp_path: Path, spare: float, expected: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    own = asked(OWN + NEXT + spare, tmp_path)
    assert fits(own, CARDS["digits"], *first_look(), FURTHER) is expected
    assert ("no further look fits into the budget" in capsys.readouterr().err) is not expected


def test_without_a_budget_every_look_fits(tmp_path: Path) -> None:
    assert fits(asked(None, tmp_path), CARDS["digits"], *first_look(), FURTHER)


def test_no_clock_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> float:
        raise AssertionError("the clock was read")

    for name in ("time", "perf_counter", "monotonic", "process_time"):
        monkeypatch.setattr(time, name, read)
    own = asked(OWN + NEXT, tmp_path)
    assert fits(own, CARDS["digits"], *first_look(), FURTHER)


def store_tables(own: Project, dataset: str, seconds: float) -> None:
    for name in ("tuning", "runs"):
        table = pd.DataFrame({"fit_wall_s": [seconds / 2]})
        write_table(own.results(dataset) / f"{name}.parquet", table)


def test_workers_share_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOCKOUT_WORKERS", "2")
    settings = parse_settings({"run": {"executor": "processes"}})
    for budget, expected in ((90.0, True), (89.9, False)):
        own = replace(asked(budget, tmp_path), settings=settings)
        assert OWN + NEXT == 2 * 90
        assert fits(own, CARDS["digits"], *first_look(), FURTHER) is expected


def test_a_later_dataset_counts_as_this_one_whatever_is_stored_of_it(tmp_path: Path) -> None:
    """Else a study that is run again would decide its first dataset anew."""
    for card in CARDS.values():
        write_card(card, asked(None, tmp_path).results(card.name) / "dataset.json")
    for stored in (False, True):
        for spare, expected in ((0, True), (-0.1, False)):
            own = asked(OWN + NEXT + OWN + spare, tmp_path)
            if stored:
                store_tables(own, "mnist", 1e6)
            assert fits(own, CARDS["digits"], *first_look(), FURTHER) is expected


def test_an_earlier_dataset_counts_what_it_took(tmp_path: Path) -> None:
    for card in CARDS.values():
        write_card(card, asked(None, tmp_path).results(card.name) / "dataset.json")
    for spare, expected in ((0, True), (-0.1, False)):
        own = asked(OWN + NEXT + 500 + spare, tmp_path)
        store_tables(own, "digits", 500)
        assert fits(own, CARDS["mnist"], *first_look("mnist"), FURTHER) is expected
