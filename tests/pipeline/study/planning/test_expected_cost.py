"""What training will take: calibrated on real steps, remembered, and corrected on the way."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from data_loaders.datasets import Dataset
from data_loaders.load import load
from experiments.design.study import parse_study
from experiments.errors import StudyError
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.execute import execute
from experiments.run.recipe import Recipe
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from experiments.run.task import Task
from experiments.run.trained import Trained
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.planning import calibration, run_cost
from pipeline.study.planning.calibration import calibrate, measure, read_costs
from pipeline.study.planning.expected_cost import (
    Rest,
    check_memory,
    expected_bytes,
    stage_seconds,
)
from pipeline.study.planning.run_cost import CostModel, RunCost, cost_key, needed_bytes
from pipeline.study.running.progress import remaining_seconds
from pipeline.study.store.run_store import encode
from pipeline.study.store.stored_runs import Entry
from tests.experiments.conftest import network
from tests.plans import planned


class Own(Recipe):
    """A training that is no network: nothing says how large its model becomes."""

    def train(self, task: Task) -> Trained:
        raise NotImplementedError


CARD = DatasetCard(
    "mnist", True, True, "hash", 60000, 10000, (28, 28), tuple(str(i) for i in range(10))
)
RECIPE = NetworkRecipe(hidden=(16,), batch_size=32, epochs=4)


def spec(recipe: Recipe = RECIPE, card: DatasetCard = CARD, *, cell: str = "a") -> RunSpec:
    return RunSpec("s", card.name, cell, "cell", {}, recipe, 0, 0, card.content_hash, "source")


def specs(*recipes: Recipe, card: DatasetCard) -> list[RunSpec]:
    return [spec(recipe, card, cell=str(i)) for i, recipe in enumerate(recipes)]


def rest(stage: str, n: int = 10, recipe: Recipe = RECIPE, card: DatasetCard = CARD) -> Rest:
    return Rest(f"{stage} {card.name}", card, [spec(recipe, card)] * n)


def model(workers: int = 2, *, start_s: float = 1.0, seconds: float = 3.0) -> CostModel:
    """A model in which each run of RECIPE takes so many seconds."""
    cost = RunCost(1.0, (seconds - 1) / RECIPE.epochs)
    return CostModel(workers, start_s).having([(spec(), cost)])


def test_a_cost_has_a_fixed_part_and_a_part_per_epoch() -> None:
    longer = RECIPE.with_fields({"epochs": 8})
    wanted = [spec(longer, cell="longer"), *[spec()] * 2]
    assert model().seconds(wanted) == pytest.approx([5.0, 3.0, 3.0])


def test_rate_and_length_share_a_calibration_and_the_network_does_not() -> None:
    key = cost_key(spec(), 2)
    assert cost_key(spec(RECIPE.with_fields({"learning_rate": 0.5, "epochs": 9})), 2) == key
    assert cost_key(spec(RECIPE.with_fields({"hidden": (17,)})), 2) != key
    assert cost_key(spec(network(RECIPE, optimizer="adam")), 2) != key
    assert cost_key(replace(spec(), source_digest="edited"), 2) != key
    assert cost_key(spec(), 4) != key


def test_a_recipe_that_was_not_calibrated_costs_like_its_dataset_s_others() -> None:
    others = [(spec(RECIPE.with_fields({"hidden": (n,)})), RunCost(n, 0.5)) for n in (1, 3)]
    costs = CostModel(2).having([*others, (spec(network(RECIPE, optimizer="adam")), None)])
    assert costs.seconds([spec()]) == pytest.approx([2 + 0.5 * RECIPE.epochs])
    # Of a dataset of which nothing is known, runs are told apart by their number alone.
    assert CostModel(2).seconds([spec()]) == [1.0]


def test_a_stage_takes_its_start_its_runs_on_all_workers_and_half_a_run_more() -> None:
    assert stage_seconds([3.0] * 10, model()) == pytest.approx(1 + 10 * 3 / 2 + 0.75)
    assert stage_seconds([3.0], model()) == pytest.approx(1 + 3 + 0.75)


def stored(kind: dict[str, bool], *sizes: int) -> dict[str, Entry]:
    identity = {"content_hash": CARD.content_hash, "streams": "evaluation", **kind}
    record = json.dumps(["", identity])
    return {str(i): Entry(0, size, "ok", record) for i, size in enumerate(sizes)}


def test_disk_is_judged_by_stored_runs_of_the_kind_or_by_what_a_run_holds() -> None:
    train = rest("train")
    assert expected_bytes(train, stored({}, 4000, 5000)) == 10 * (4096 + 8192) / 2
    judged = expected_bytes(train, {})
    assert expected_bytes(rest("tune"), {}) < judged < 10 * 300_000
    # Trials have no test part.
    assert expected_bytes(train, stored({"trial": True}, 4000)) == judged


def test_the_judged_size_is_that_of_a_run_s_file() -> None:
    card, recipe = digits_card(), RECIPE.with_fields({"learning_rate": 0.1})
    study = parse_study({"datasets": ["digits"], "factors": {"dropout": [0, 0.2]}})
    run = replace(planned(study, {}, content=card.content_hash)[0], recipe=recipe)
    size = len(encode(execute(run, load("digits"))))
    assert 0.4 < expected_bytes(rest("train", 1, recipe, card), {}) / size < 2.5


class TestMemory:
    """Workers that do not fit are refused with the number that does."""

    HUGE = RECIPE.with_fields({"hidden": (20_000_000,)})

    def test_a_network_needs_its_vectors(self) -> None:
        assert needed_bytes(self.HUGE, CARD) > 4 * 6 * 794 * 20_000_000
        assert needed_bytes(RECIPE, CARD) < 600e6

    def test_as_many_workers_as_fit_are_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        need = needed_bytes(RECIPE, CARD)
        monkeypatch.setattr(run_cost, "memory", lambda: 3.5 * need / 0.9)
        assert list(check_memory([rest("train")], 3)) == []
        with pytest.raises(StudyError, match=r"4 workers must fit .* Set KNOCKOUT_WORKERS=3\."):
            list(check_memory([rest("train")], 4))

    def test_a_network_that_fits_nowhere_stops_no_other(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rests = [rest("train"), rest("train", 10, self.HUGE)]
        monkeypatch.setattr(run_cost, "memory", lambda: 4e9)
        (line,) = check_memory(rests, 2)
        assert re.search(r"\[20000000\] hidden units needs .* its runs will fail", line)

    def test_cells_of_one_shape_are_said_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        dropped = network(self.HUGE, dropout=0.2)
        huge = Rest("train mnist", CARD, specs(self.HUGE, dropped, card=CARD))
        monkeypatch.setattr(run_cost, "memory", lambda: 4e9)
        assert len(huge.kinds) == 2
        assert len(list(check_memory([huge], 2))) == 1

    def test_data_that_fit_nowhere_stop_no_training_of_one_s_own(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        card = replace(CARD, n_train=10**9)
        monkeypatch.setattr(run_cost, "memory", lambda: 4e9)
        (line,) = check_memory([rest("train", 10, Own(), card)], 2)
        assert re.search(r"a training with its data needs .* GB of memory", line)


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
    wanted = specs(RECIPE, card=digits_card())
    first = calibrate(tmp_path, wanted, 1)
    cost = first.typical(wanted[0].content_hash)
    assert cost is not None
    assert 0 < cost.epoch_s < 5
    assert math.isfinite(cost.fixed_s)
    assert first.start_s > 0
    assert first.measured == {wanted[0].content_hash: {cost_key(wanted[0], 1): cost}}
    assert read_costs(tmp_path, 1) == first

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("workers were started")

    monkeypatch.setattr("pipeline.study.planning.calibration.ProcessPoolExecutor", refuse)
    assert calibrate(tmp_path, wanted, 1) == first
    with pytest.raises(AssertionError):
        calibrate(tmp_path, specs(RECIPE.with_fields({"hidden": (17,)}), card=digits_card()), 1)


def test_what_else_runs_meanwhile_is_no_part_of_a_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four epochs that waited half of their two seconds for the processor cost the other half."""
    from pipeline.study.executors.task import failed

    def waiting(run: RunSpec, dataset: Dataset) -> RunResult:
        history = {"elapsed_s": [0.6, 1.0, 1.4, 1.8]}
        return replace(
            failed(run, ""),
            status="ok",
            history=history,
            metrics={"fit_cpu_s": 1, "fit_wall_s": 2},
        )

    monkeypatch.setattr(calibration, "execute", waiting)
    cost = calibration._measure_on(RECIPE, load("digits"), 3.0)
    assert cost is not None
    assert cost.epoch_s == pytest.approx(0.25 * 3)


@pytest.mark.parametrize(
    "fields", [{"initializer": {"normal": {"deviation": 1e30}}}, {"hidden": (10**9, 10**9)}]
)
def test_a_recipe_that_diverges_or_fails_has_no_cost_and_the_others_have(
    tmp_path: Path, fields: dict[str, object]
) -> None:
    wanted = specs(network(RECIPE, **fields), RECIPE, card=digits_card())
    costs = calibrate(tmp_path, wanted, 1)
    own = costs.measured[wanted[0].content_hash]
    assert own[cost_key(wanted[0], 1)] is None
    broken, whole = costs.seconds(wanted)
    assert broken == pytest.approx(whole, rel=0.01)
    assert read_costs(tmp_path, 1) == costs


@pytest.mark.parametrize("content", ["", "[]", '{"format": 1}', '{"format": 3}'])
def test_a_damaged_calibration_is_forgotten(tmp_path: Path, content: str) -> None:
    (tmp_path / "calibration.json").write_text(content)
    assert read_costs(tmp_path, 2) == CostModel(2)


def test_a_calibrated_epoch_is_an_epoch_of_the_whole_dataset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On part of the images, an epoch is scaled up to all of them."""

    def middle() -> float:
        costs = [measure(spec(RECIPE, digits_card())) for _ in range(5)]
        return sorted(cost.epoch_s for cost in costs if cost)[2]

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
