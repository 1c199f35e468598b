"""What training will take: calibrated on real steps, remembered, and corrected on the way."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from data_loaders.datasets import Dataset
from data_loaders.load import load
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.planning import calibration
from pipeline.study.planning.calibration import calibrate, measure, read_costs
from pipeline.study.planning.cost import CostModel, RunCost, cost_key, typical_seconds
from pipeline.study.planning.expected_cost import Batch, expected_bytes, expected_seconds
from pipeline.study.running.progress import remaining_seconds
from tests.experiments.conftest import network

CARD = DatasetCard(
    "mnist", True, True, "hash", 60000, 10000, (28, 28), tuple(str(i) for i in range(10))
)

RECIPE = NetworkRecipe(hidden=(16,), batch_size=32, epochs=4)


def model(workers: int = 2, *, start_s: float = 1.0, seconds: float = 3.0) -> CostModel:
    """A model in which each run of RECIPE takes so many seconds."""
    cost = RunCost(1.0, (seconds - 1) / RECIPE.epochs)
    return CostModel(workers, start_s, {cost_key(RECIPE, CARD, workers=workers): cost})


def test_a_cost_has_a_fixed_part_and_a_part_per_epoch() -> None:
    assert RunCost(0.5, 0.25).seconds(10) == 3.0
    assert model().seconds(RECIPE, CARD) == pytest.approx(3.0)
    longer = RECIPE.with_fields({"epochs": 8})
    assert model().seconds(longer, CARD) == pytest.approx(5.0)


def test_rate_and_length_share_a_calibration_and_the_network_does_not() -> None:
    key = cost_key(RECIPE, CARD, workers=2)
    assert cost_key(RECIPE.with_fields({"learning_rate": 0.5, "epochs": 9}), CARD, workers=2) == key
    assert cost_key(RECIPE.with_fields({"hidden": (17,)}), CARD, workers=2) != key
    assert cost_key(network(RECIPE, optimizer="adam"), CARD, workers=2) != key
    assert cost_key(RECIPE, CARD, workers=4) != key


def test_a_recipe_that_was_not_calibrated_costs_like_its_dataset_s_others() -> None:
    factor = CostModel(2, factors={CARD.content_hash: 3.0}).seconds(RECIPE, CARD)
    assert factor == pytest.approx(3 * typical_seconds(RECIPE, CARD))


def test_typical_costs_grow_with_epochs_and_units() -> None:
    base = typical_seconds(RECIPE, CARD)
    assert typical_seconds(RECIPE.with_fields({"epochs": 8}), CARD) == pytest.approx(
        2 * base, rel=0.1
    )
    assert typical_seconds(RECIPE.with_fields({"hidden": (512,)}), CARD) > 3 * base


def test_a_stage_takes_its_start_its_runs_on_all_workers_and_half_a_run_more() -> None:
    batches = [Batch("train mnist", RECIPE, CARD, 10)]
    assert expected_seconds(batches, model()) == pytest.approx(1 + 10 * (3 + 0.06) / 2 + 0.75)
    assert expected_seconds([Batch("train mnist", RECIPE, CARD, 0)], model()) == 0
    two = [*batches, Batch("tune mnist", RECIPE, CARD, 1)]
    more = expected_seconds(two, model()) - expected_seconds(batches, model())
    assert more == pytest.approx(1 + 3 + 0.004 + 0.75)


def test_what_the_parent_does_for_a_run_counts_most_where_runs_are_short() -> None:
    """Storing and tracking use the workers' processor: 60 ms more a run."""
    short, long = (
        expected_seconds([Batch("train mnist", RECIPE, CARD, 100)], model(seconds=s))
        for s in (1.1, 11.0)
    )
    assert short / (100 * 1.1 / 2) > 1.05
    assert long / (100 * 11 / 2) < 1.02


def test_disk_is_judged_by_stored_runs_or_by_one_that_is_encoded() -> None:
    batches = [Batch("train mnist", RECIPE, CARD, 10)]
    assert expected_bytes(batches, {"train mnist": [4000, 5000]}) == 10 * (4096 + 8192) / 2
    encoded = expected_bytes(batches, {})
    tuning = expected_bytes([Batch("tune mnist", RECIPE, CARD, 10)], {})
    assert tuning < encoded < 10 * 300_000
    assert tuning == 10 * 8192 or tuning == 10 * 4096


def digits_card() -> DatasetCard:
    digits = load("digits")
    return DatasetCard(
        "digits",
        True,
        True,
        content_hash=digits.content_hash,
        n_train=len(digits.x),
        image_shape=tuple(digits.x.shape[1:]),
        class_names=digits.class_names,
    )


def test_calibration_is_remembered_and_asked_only_for_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = digits_card()
    first = calibrate(tmp_path, [(RECIPE, card)], 1)
    cost = first.measured[cost_key(RECIPE, card, workers=1)]
    assert 0 < cost.epoch_s < 5
    assert math.isfinite(cost.fixed_s)
    assert read_costs(tmp_path, 1) == first

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("workers were started")

    monkeypatch.setattr("pipeline.study.planning.calibration.ProcessPoolExecutor", refuse)
    assert calibrate(tmp_path, [(RECIPE, card)], 1) == first
    with pytest.raises(AssertionError):
        calibrate(tmp_path, [(RECIPE.with_fields({"hidden": (17,)}), card)], 1)


def test_what_else_runs_meanwhile_is_no_part_of_a_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four epochs that waited half of their two seconds for the processor cost the other half."""
    from pipeline.study.executors.task import failed

    def waiting(spec: RunSpec, dataset: Dataset) -> RunResult:
        history = {"elapsed_s": [0.6, 1.0, 1.4, 1.8]}
        return replace(failed(spec, ""), history=history, metrics={"fit_cpu_s": 1, "fit_wall_s": 2})

    monkeypatch.setattr(calibration, "execute", waiting)
    assert calibration.measure_on(RECIPE, load("digits"), 3.0).epoch_s == pytest.approx(0.25 * 3)


@pytest.mark.parametrize("content", ["", "[]", '{"format": 1}', '{"format": 2}'])
def test_a_damaged_calibration_is_forgotten(tmp_path: Path, content: str) -> None:
    (tmp_path / "calibration.json").write_text(content)
    assert read_costs(tmp_path, 2) == CostModel(2)


def test_a_calibrated_epoch_is_an_epoch_of_the_whole_dataset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On part of the images, an epoch is scaled up to all of them."""

    def middle() -> float:
        return sorted(measure(RECIPE, digits_card()).epoch_s for _ in range(5))[2]

    whole, digits = middle(), load("digits")
    tripled = replace(digits, x=digits.x.repeat(3, axis=0), y=digits.y.repeat(3))
    monkeypatch.setattr("pipeline.study.planning.calibration.load_content", lambda *_: tripled)
    assert 1.5 < middle() / whole < 6


class TestRemaining:
    """The remaining time starts at what is expected and turns to what is observed."""

    def test_at_the_start_it_is_the_expectation_whatever_the_workers_start_takes(self) -> None:
        for elapsed in (0, 1, 20):
            assert remaining_seconds(100, 0, elapsed, model()) == 50

    def test_as_expected_stays_as_expected(self) -> None:
        assert remaining_seconds(100, 60, 31, model()) == pytest.approx(50)

    def test_a_slower_machine_is_believed_more_and_more(self) -> None:
        short = remaining_seconds(100, 2, 1 + 3, model())
        long = remaining_seconds(100, 2000, 1 + 3000, model())
        assert 50 < short < 60
        assert long == pytest.approx(150, rel=0.05)


def test_the_calibration_file_is_plain_json(tmp_path: Path) -> None:
    calibrate(tmp_path, [(RECIPE, digits_card())], 1)
    content = json.loads((tmp_path / "calibration.json").read_text())
    assert content["start_s"] > 0
    assert len(content["measured"]) == len(content["factors"]) == 1
