"""The tuning of each block: its arms, its trial points, and what is chosen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data_loaders.datasets import Dataset
from experiments.design.plan import Choices, arm_of, arms_of_cells, plan, whole_blocks
from experiments.design.study import Study, parse_study
from experiments.design.tuning import (
    Trial,
    choose,
    radical_inverse,
    trial_points,
    tuning_plan,
)
from experiments.errors import StudyError
from experiments.run.execute import parts
from experiments.run.result import RunResult
from tests.plans import RATES, planned, rates_of


def trials_of(study: Study, arm: str = "", n_blocks: int = 1, chosen: Choices = {}) -> list[Trial]:  # noqa: B006
    found = tuning_plan(study, "digits", "h", chosen, whole_blocks(study, n_blocks))
    return [trial for trial in found if trial.arm.label == arm or not arm]


def rates_tried(trials: Sequence[Trial]) -> list[float]:
    return [trial.spec.tuned["learning_rate"] for trial in trials]


def result(key: str, accuracy: float, loss: float = 1.0, status: Any = "ok") -> RunResult:
    none = np.empty(0, np.uint8)
    metrics = {"val_accuracy": accuracy, "val_loss": loss}
    return RunResult(key, status, "", {}, metrics, {}, none, none, none)


def results_of(trials: Sequence[Trial], *scores: tuple[float, float]) -> dict[str, RunResult]:
    keys = [trial.spec.run_key for trial in trials]
    return {key: result(key, *score) for key, score in zip(keys, scores, strict=True)}


# --- arms ---


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("loss", {"plain": "cross_entropy", "smooth": {"cross_entropy": {"label_smoothing": 0.1}}}),
        ("activation", ["relu", "tanh"]),
        ("batch_size", [64, 32]),
        ("hidden", [[16], [8]]),
        ("batch_norm", [False, True]),
        ("initializer", ["he_normal", "glorot_uniform"]),
        ("schedule", ["constant", "cosine"]),
        ("size", {"small": {}, "big": {"hidden": [32], "clip_norm": 1}}),
    ],
)
def test_what_moves_the_best_rate_is_tuned_apart_by_default(
    params: dict[str, Any], name: str, levels: Any
) -> None:
    params["factors"] = {name: levels, "l2": [0, 1e-3]}
    study = parse_study(params)
    assert study.tune.per == (name,)
    assert len(arms_of_cells(study, "digits", whole_blocks(study, 1))) == 3


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("l2", [0, 1e-3]),
        ("dropout", [0, 0.2]),
        ("augmentation", ["none", {"shift": {"max_shift": 1}}]),
    ],
)
def test_what_does_not_is_tuned_with_its_null_level(
    params: dict[str, Any], name: str, levels: Any
) -> None:
    study = parse_study({**params, "factors": {name: levels}})
    assert study.tune.per == ()
    arms = [arm_of(study, "digits", cell) for cell in study.cells]
    assert arms[0] == arms[1] and len(arms) == 3


def test_every_arm_has_as_many_trials_in_each_of_its_blocks(study: Study) -> None:
    trials = trials_of(study, n_blocks=2)
    counts = Counter(trial.place for trial in trials)
    assert counts == {(arm, b): 3 for arm in ("baseline", "adam", "placebo") for b in (0, 1)}
    assert [t.spec.replicate for t in trials] == sorted(t.spec.replicate for t in trials)
    assert len({t.spec.run_key for t in trials}) == len(trials)


def test_an_arm_is_tuned_in_the_blocks_of_its_cells_alone(study: Study) -> None:
    blocks = dict.fromkeys(whole_blocks(study, 1), 0) | {"adam+l2": 3, "baseline": 2, "l2": 1}
    places = {t.place for t in tuning_plan(study, "digits", "h", {}, blocks)}
    assert places == {("adam", 0), ("adam", 1), ("adam", 2), ("baseline", 0), ("baseline", 1)}


def test_a_study_with_set_rates_has_nothing_to_tune(params: dict[str, Any]) -> None:
    params["recipe"]["learning_rate"] = 0.1
    study = parse_study(params)
    assert trials_of(study) == []
    specs = planned(study, {})
    assert {spec.state for spec in specs} == {"ready"}


# --- trial points ---


def test_radical_inverses_are_distinct_and_inside() -> None:
    for base in (2, 3, 5):
        points = [radical_inverse(i, base) for i in range(64)]
        assert len(set(points)) == 64
        assert 0 == min(points) < max(points) < 1


@pytest.mark.parametrize("seed", range(5))
def test_trial_points_cover_the_range(seed: int) -> None:
    """One in each of n = 8 = 2³ equal parts, shifted: all gaps are alike."""
    shifted = np.sort(trial_points(8, 1, np.random.default_rng(seed))[:, 0])
    gaps = np.diff([*shifted, shifted[0] + 1])
    np.testing.assert_allclose(gaps, 1 / 8)
    assert 0 <= shifted[0] < shifted[-1] < 1


def test_trial_points_cover_a_square() -> None:
    """72 points: 9 in each eighth of the first side, 8 in each ninth of the second."""
    points = trial_points(72, 2, np.random.default_rng(1))
    for side, parts_of_side in ((0, 8), (1, 9)):
        counts = np.histogram(points[:, side], bins=parts_of_side, range=(0, 1))[0]
        # A shift moves at most one point over each edge of a part.
        assert abs(counts - 72 / parts_of_side).max() <= 1
    assert abs(np.corrcoef(points.T)[0, 1]) < 0.1


def test_one_trial_is_the_usual_rate_alone(params: dict[str, Any]) -> None:
    study = parse_study({**params, "tune": {"trials": 1}})
    assert rates_tried(trials_of(study, "baseline")) == [pytest.approx(0.1)]


def test_the_first_trial_is_the_usual_rate_and_all_lie_in_the_range(params: dict[str, Any]) -> None:
    study = parse_study({**params, "tune": {"trials": 9, "decades": 2}})
    for arm in ("baseline", "adam"):
        trials = trials_of(study, arm, 2)
        usual = trials[0].arm.recipe.centre()
        for block in (trials[:9], trials[9:]):
            rates = rates_tried(block)
            assert rates[0] == pytest.approx(usual)
            assert usual / 10 <= min(rates) < max(rates) < usual * 10
            parts_met = {int(4 * (np.log10(rate / usual) + 1) / 2) for rate in rates}
            assert parts_met == {0, 1, 2, 3}


def test_what_is_tuned_apart_on_one_dataset_too_has_arms_of_its_own_there_alone(
    params: dict[str, Any],
) -> None:
    def labels(dataset: str, **tune: Any) -> list[str]:
        study = parse_study({**params, "datasets": ["digits", "mnist"], "tune": tune})
        return [arm.label for arm, _ in arms_of_cells(study, dataset, whole_blocks(study, 1))]

    plain, also = labels("digits"), labels("digits", also={"digits": ["dropout"]})
    assert set(plain) < set(also) == {*plain, "dropout", "adam+dropout"}
    assert labels("mnist", also={"digits": ["dropout"]}) == labels("mnist")


def test_a_shifted_range_keeps_the_usual_rate_as_its_first_trial(params: dict[str, Any]) -> None:
    tune = {"trials": 9, "decades": 2, "shift": {"digits": 0.5}}
    shares = [
        rate / 0.001
        for rate in rates_tried(trials_of(parse_study({**params, "tune": tune}), "adam"))
    ]
    assert shares[0] == pytest.approx(1)
    assert 10**-0.5 <= min(shares) < 1 < 10 < max(shares) <= 10**1.5


def test_each_block_and_arm_has_points_of_its_own_and_a_seed_gives_them_again(
    params: dict[str, Any], study: Study
) -> None:
    def shares(of: Study) -> dict[tuple[str, int], tuple[float, ...]]:
        found: dict[tuple[str, int], tuple[float, ...]] = {}
        for trial in trials_of(of, n_blocks=2):
            share = trial.spec.tuned["learning_rate"] / trial.arm.recipe.centre()
            found[trial.place] = (*found.get(trial.place, ()), round(share, 12))
        return found

    points = shares(study)
    assert len({values[1:] for values in points.values()}) == len(points) == 6
    assert shares(parse_study(params)) == points
    assert shares(parse_study({**params, "seed": 1})) != points


def test_an_arm_that_another_study_calls_otherwise_is_tuned_by_the_same_runs(
    params: dict[str, Any], study: Study
) -> None:
    """A further level gives sgd its name, a further factor more arms: no trial is another one."""
    before = {trial.spec.run_key for trial in trials_of(study, n_blocks=2)}
    params["factors"] |= {"optimizer": ["sgd", "adam", "momentum"], "batch_norm": [False, True]}
    after = trials_of(parse_study({**params, "name": "other"}), n_blocks=2)
    assert {"sgd", "adam", "placebo"} <= {trial.arm.label for trial in after}
    assert before < {trial.spec.run_key for trial in after}


def test_a_trial_may_be_shorter_than_a_run(params: dict[str, Any]) -> None:
    params["recipe"] |= {"epochs": 10}
    study = parse_study({**params, "tune": {"trials": 2, "length": 0.25}})
    assert {t.spec.recipe.as_dict()["epochs"] for t in trials_of(study)} == {3}
    assert {s.recipe.as_dict()["epochs"] for s in planned(study)} == {10}


# --- what a trial shares with the runs of its block ---


def test_a_trial_is_no_run_and_says_so(study: Study) -> None:
    trials = trials_of(study)
    assert all(t.spec.trial and t.spec.identity["trial"] is True for t in trials)
    assert not any("trial" in spec.identity for spec in planned(study))
    # Even at the rate at which its block trains.
    first = trials[0].spec
    at = {"baseline": first.tuned["learning_rate"], "adam": 1.0, "placebo": 1.0}
    run = next(spec for spec in planned(study, at) if spec.cell == "baseline")
    assert {**run.identity, "trial": True} == first.identity
    assert run.run_key != first.run_key


def test_trials_share_split_and_draws_with_the_runs_of_their_block(
    study: Study, digits: Dataset
) -> None:
    specs = {(s.cell, s.replicate): s for s in planned(study, content=digits.content_hash)}
    found = tuning_plan(study, "digits", digits.content_hash, {}, whole_blocks(study, 2))
    for trial in (trial for trial in found if trial.trial == 1):
        run = specs[trial.place]
        for part in ("train", "validation", "test"):
            ours, theirs = (getattr(parts(spec, digits)[0], part) for spec in (trial.spec, run))
            np.testing.assert_array_equal(ours, theirs)
        for purpose in ("init", "order", "dropout", "augmentation"):
            drawn = [spec.generator(purpose).integers(2**63) for spec in (trial.spec, run)]
            assert drawn[0] == drawn[1]


# --- strengths ---


@pytest.fixture
def ranged(params: dict[str, Any]) -> Study:
    params["factors"] |= {"l2": {"off": 0, "on": {"log": [1e-6, 1e-2]}}}
    params["factors"] |= {"dropout": {"off": 0, "on": {"log": [0.05, 0.5]}}}
    return parse_study(params)


def test_a_range_makes_its_level_an_arm_whatever_tune_per_says(params: dict[str, Any]) -> None:
    params["factors"]["l2"]["on"] = {"log": [1e-6, 1e-2]}
    study = parse_study({**params, "tune": {"trials": 3, "per": []}})
    arms = [arm for arm, _ in arms_of_cells(study, "digits", whole_blocks(study, 1))]
    assert [(arm.label, [*arm.ranges]) for arm in arms] == [
        ("baseline", ["learning_rate"]),
        ("l2", ["l2"]),
        ("placebo", ["learning_rate"]),
    ]
    assert arms[1].base == arms[0]


def test_strengths_wait_for_the_rate_of_their_base(ranged: Study) -> None:
    states = {t.place: t.spec.state for t in trials_of(ranged)}
    assert {arm for (arm, _), state in states.items() if state == "ready"} == {
        "baseline", "adam", "placebo",
    }  # fmt: skip
    assert {arm for (arm, _), state in states.items() if state == "waits"} == {
        "l2", "dropout", "l2+dropout", "adam+l2", "adam+dropout", "adam+l2+dropout",
    }  # fmt: skip


def test_strengths_are_tuned_at_the_rate_that_was_chosen_without_them(ranged: Study) -> None:
    chosen = rates_of({"baseline": 0.7}, 1)
    trials = trials_of(ranged, "l2+dropout", 1, chosen)
    assert len(trials) == 3
    for trial in trials:
        recipe = trial.spec.recipe.as_dict()
        assert recipe["learning_rate"] == trial.spec.tuned["learning_rate"] == 0.7
        assert (recipe["l2"], recipe["dropout"]) == (
            trial.spec.tuned["l2"],
            trial.spec.tuned["dropout"],
        )
        assert 1e-6 <= recipe["l2"] <= 1e-2
        assert 0.05 <= recipe["dropout"] <= 0.5
    assert trials[0].spec.tuned["l2"] == pytest.approx(1e-4)
    # Another rate: the same strengths are tried at it.
    others = trials_of(ranged, "l2+dropout", 1, rates_of({"baseline": 0.2}, 1))
    assert [t.spec.tuned["l2"] for t in others] == [t.spec.tuned["l2"] for t in trials]


def test_a_run_trains_with_the_strengths_that_its_block_chose(ranged: Study) -> None:
    chosen = {**rates_of(RATES, 1), ("l2", 0): {"learning_rate": 0.1, "l2": 5e-5}}
    specs = {s.cell: s for s in plan(ranged, "digits", "h", chosen, whole_blocks(ranged, 1))}
    assert specs["l2"].recipe.as_dict()["l2"] == 5e-5
    assert specs["l2+augmentation"].recipe.as_dict()["l2"] == 5e-5
    assert specs["baseline"].recipe.as_dict()["l2"] == 0
    assert specs["adam+l2"].state == "waits"


def test_strengths_of_a_base_that_is_not_tuned_are_not_tuned(ranged: Study) -> None:
    chosen = {**rates_of({"adam": 0.003, "placebo": 0.1}, 1), ("baseline", 0): None}
    trials = trials_of(ranged, "l2", 1, chosen)
    assert {t.spec.state for t in trials} == {"not_tuned"}
    assert choose(trials, {}, ranged) == {("l2", 0): None}
    # So say its runs, whether or not the ledger holds a row of an arm that was never tried.
    specs = {s.cell: s.state for s in plan(ranged, "digits", "h", chosen, whole_blocks(ranged, 1))}
    assert (specs["l2"], specs["adam+l2"]) == ("not_tuned", "waits")


# --- what is chosen ---


def test_the_best_validation_accuracy_is_chosen_ties_by_loss(study: Study) -> None:
    trials = trials_of(study, "adam")
    results = results_of(trials, (0.9, 1.0), (0.95, 1.0), (0.95, 0.5))
    assert choose(trials, results, study) == {("adam", 0): trials[2].spec.tuned}


def test_each_block_chooses_for_itself(study: Study) -> None:
    trials = trials_of(study, "adam", n_blocks=2)
    results = results_of(
        trials, *[(0.9, 1.0), (0.8, 1.0), (0.7, 1.0)], *[(0.7, 1), (0.8, 1), (0.9, 1)]
    )
    assert choose(trials, results, study) == {
        ("adam", 0): trials[0].spec.tuned,
        ("adam", 1): trials[5].spec.tuned,
    }


def test_a_test_accuracy_would_not_be_looked_at(study: Study) -> None:
    trials = trials_of(study, "adam")
    for best in range(len(trials)):
        results = {t.spec.run_key: result(t.spec.run_key, 0.9, 1.0 - t.trial) for t in trials}
        key = trials[best].spec.run_key
        results[key] = replace(results[key], metrics={**results[key].metrics, "test_accuracy": 1.0})
        assert choose(trials, results, study)["adam", 0] == trials[-1].spec.tuned


@pytest.mark.parametrize("status", ["diverged", "failed"])
def test_a_trial_that_did_not_come_through_is_never_chosen(study: Study, status: Any) -> None:
    trials = trials_of(study, "adam")
    results = results_of(trials, (0.5, 1.0), (0.99, 0.1), (0.6, 1.0))
    bad = trials[1].spec.run_key
    results[bad] = replace(results[bad], status=status)
    assert choose(trials, results, study) == {("adam", 0): trials[2].spec.tuned}
    nothing: Mapping[str, RunResult] = {k: replace(r, status=status) for k, r in results.items()}
    assert choose(trials, nothing, study) == {("adam", 0): None}


def test_an_arm_without_any_result_is_neither_tuned_nor_given_up(study: Study) -> None:
    assert choose(trials_of(study), {}, study) == {}


def test_trials_without_a_validation_part_choose_nothing(study: Study) -> None:
    trials = trials_of(study)
    results = {t.spec.run_key: replace(result(t.spec.run_key, 0), metrics={}) for t in trials}
    with pytest.raises(StudyError, match=r"validation_fraction` must be above 0 where learning_r"):
        choose(trials, results, study)
