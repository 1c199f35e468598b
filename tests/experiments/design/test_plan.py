"""The plan and the tuning of its learning rates."""

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from experiments.design.plan import plan
from experiments.design.study import Study, parse_study
from experiments.design.tuning import choose, trial_rates, tuning_plan, van_der_corput
from experiments.errors import StudyError
from experiments.run.result import RunResult

RATES = {"sgd": 0.1, "adam": 0.001}


def keys(study: Study, rates: dict[str, float] = RATES, content: str = "h") -> set[str]:
    return {spec.run_key for spec in plan(study, "digits", content, rates)}


def test_every_cell_and_the_placebo_run_once_per_replicate(study: Study) -> None:
    specs = list(plan(study, "digits", "h", RATES))
    assert len(specs) == (16 + 1) * 2
    assert len({spec.run_key for spec in specs}) == len(specs)
    assert set(Counter(spec.cell for spec in specs).values()) == {2}
    assert [spec.replicate for spec in specs] == sorted(spec.replicate for spec in specs)


def test_more_replicates_keep_the_runs_there_are(params: dict[str, Any], study: Study) -> None:
    more = parse_study({**params, "replicates": 4})
    assert keys(study) < keys(more)
    assert len(keys(more)) == 2 * len(keys(study))


def test_a_changed_level_changes_only_its_own_cells(params: dict[str, Any], study: Study) -> None:
    params["factors"]["dropout"]["on"] = 0.3
    changed = keys(parse_study(params)) - keys(study)
    assert len(changed) == 16


def test_names_decide_nothing(params: dict[str, Any], study: Study) -> None:
    params |= {"name": "other", "design": "add_one_in"}
    assert keys(parse_study(params)) < keys(study)


@pytest.mark.parametrize("change", [{"content": "g"}, {"rates": {"sgd": 0.2, "adam": 0.002}}])
def test_other_data_or_another_rate_is_another_run(study: Study, change: dict[str, Any]) -> None:
    assert not keys(study) & keys(study, **change)


def test_quasirandom_trials_begin_at_the_default_and_fill_the_range() -> None:
    rates = trial_rates(0.1, trials=7, decades=2)
    assert rates[0] == pytest.approx(0.1)
    exponents = np.sort(np.log10(rates))
    np.testing.assert_allclose(np.diff(exponents), 0.25)
    assert exponents[-1] - exponents[0] < 2


def test_van_der_corput_points_are_distinct_and_inside() -> None:
    points = [van_der_corput(i) for i in range(64)]
    assert len(set(points)) == 64
    assert 0 < min(points) < max(points) < 1


def test_every_arm_gets_the_same_number_of_trials(study: Study) -> None:
    trials = list(tuning_plan(study, "digits", "h"))
    assert Counter(t.arm for t in trials) == {"sgd": 3, "adam": 3}
    assert all(t.spec.streams == "tuning" for t in trials)
    assert not {t.spec.run_key for t in trials} & keys(study)


def result(key: str, accuracy: float, loss: float = 1.0, status: Any = "ok") -> RunResult:
    none = np.empty(0, np.uint8)
    metrics = {"val_accuracy": accuracy, "val_loss": loss}
    return RunResult(key, status, "", {}, metrics, {}, none, none, none)


def test_the_best_validation_accuracy_is_chosen_ties_by_loss(study: Study) -> None:
    trials = [t for t in tuning_plan(study, "digits", "h") if t.arm == "adam"]
    scores = [(0.9, 1.0), (0.95, 1.0), (0.95, 0.5)]
    results = {
        t.spec.run_key: result(t.spec.run_key, *score)
        for t, score in zip(trials, scores, strict=True)
    }
    assert choose(trials, results)["adam"] == trials[2].spec.recipe.learning_rate


def test_a_test_accuracy_would_not_be_looked_at(study: Study) -> None:
    trials = [t for t in tuning_plan(study, "digits", "h") if t.arm == "adam"]
    for best in range(len(trials)):
        results = {t.spec.run_key: result(t.spec.run_key, 0.9, 1.0 - t.trial) for t in trials}
        key = trials[best].spec.run_key
        results[key] = replace(results[key], metrics={**results[key].metrics, "test_accuracy": 1.0})
        assert choose(trials, results)["adam"] == trials[-1].spec.recipe.learning_rate


def test_a_diverged_trial_is_never_chosen(study: Study) -> None:
    trials = [t for t in tuning_plan(study, "digits", "h") if t.arm == "adam"]
    results = {t.spec.run_key: result(t.spec.run_key, 0.5) for t in trials}
    best = trials[1].spec.run_key
    results[best] = replace(result(best, 0.99), status="diverged")
    assert choose(trials, results)["adam"] != trials[1].spec.recipe.learning_rate
    nothing = {key: replace(r, status="diverged") for key, r in results.items()}
    default = choose(trials, nothing)["adam"]
    assert math.isclose(default, trials[0].spec.recipe.learning_rate or 0)


def test_trials_without_a_validation_part_choose_nothing(study: Study) -> None:
    trials = list(tuning_plan(study, "digits", "h"))
    results = {t.spec.run_key: replace(result(t.spec.run_key, 0), metrics={}) for t in trials}
    with pytest.raises(StudyError, match=r"validation_fraction` must be above 0 where learning_r"):
        choose(trials, results)
