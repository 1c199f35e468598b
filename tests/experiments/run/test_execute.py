"""One run: deterministic, paired inside its block, and honest about the test part."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data_loaders.datasets import Dataset
from data_loaders.split import draw_split
from experiments.design.plan import whole_blocks
from experiments.design.study import Study, parse_study
from experiments.design.tuning import Trial, tuning_plan
from experiments.errors import StudyError
from experiments.run import execute as module
from experiments.run.execute import execute
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from experiments.run.streams import stream
from tests.experiments.conftest import network, specs_of
from tests.plans import planned


def test_the_same_run_gives_the_same_bytes(study: Study, digits: Dataset) -> None:
    spec = specs_of(study, digits)["adam+l2+dropout+augmentation"]
    a, b = execute(spec, digits), execute(spec, digits)
    assert a.parameters_sha256 == b.parameters_sha256
    assert a.history["val_loss"] == b.history["val_loss"]
    np.testing.assert_array_equal(a.predictions, b.predictions)


ON: dict[str, dict[str, Any]] = {
    "batch norm": {"batch_norm": True},
    "mixup": {"mixup": 0.4},
    "warm-up": {"warmup": 0.5},
    "label smoothing": {"loss": {"cross_entropy": {"label_smoothing": 0.1}}},
    "decay of AdamW": {"optimizer": {"adamw": {"weight_decay": 0.1}}},
    "decay of Lion": {"optimizer": {"lion": {"weight_decay": 0.1}}},
    "whole network": {"hidden": [32, 16], "activation": "tanh", "initializer": "lecun_normal"},
    "several": {"augmentation": ["shift", {"noise": {"deviation": 1.0}}]},
    **{
        name: {"augmentation": name}
        for name in ("shift", "affine", "elastic", "flip", "erasing", "noise")
    },
}


def run_with(params: dict[str, Any], digits: Dataset, fields: dict[str, Any]) -> RunResult:
    """Execute one epoch of the baseline with these fields set."""
    params["recipe"] |= {"epochs": 1, "learning_rate": 0.1}
    spec = specs_of(parse_study(params), digits)["baseline"]
    return execute(replace(spec, recipe=network(spec.recipe, **fields)), digits)


def level_of(params: dict[str, Any], digits: Dataset, fields: dict[str, Any]) -> RunSpec:
    """Return the run of a study whose one factor sets these fields."""
    params["factors"] = {"component": {"off": {}, "on": fields}}
    params["recipe"] |= {"epochs": 1, "learning_rate": 0.1}
    return specs_of(parse_study(params), digits)["component"]


@pytest.mark.parametrize("name", ON)
def test_every_component_trains_as_a_level_of_a_study(
    params: dict[str, Any], digits: Dataset, name: str
) -> None:
    absent = run_with(params, digits, {"epochs": 1})
    present = execute(level_of(params, digits, ON[name]), digits)
    assert present.status == "ok"
    assert present.parameters_sha256 != absent.parameters_sha256
    assert present.history["train_loss"][0] < 3


@pytest.mark.parametrize("optimizer", ["adamw", "lion"])
def test_weight_decay_is_decoupled_and_spares_the_rest(
    params: dict[str, Any], digits: Dataset, optimizer: str
) -> None:
    none, some = (
        run_with(params, digits, {"optimizer": {optimizer: {"weight_decay": d}}}) for d in (0, 0.1)
    )
    assert none.parameters_sha256 != some.parameters_sha256
    if optimizer == "adamw":
        adam = run_with(params, digits, {"optimizer": "adam"})
        assert none.parameters_sha256 == adam.parameters_sha256


def test_mixup_is_a_field_of_its_own(params: dict[str, Any], digits: Dataset) -> None:
    with pytest.raises(StudyError, match="Set the recipe's `mixup`"):
        level_of(params, digits, {"augmentation": "mixup"})


def test_the_best_epoch_is_that_of_validation(study: Study, digits: Dataset) -> None:
    result = execute(specs_of(study, digits)["baseline"], digits)
    accuracies = result.history["val_accuracy"]
    assert result.metrics["val_accuracy"] == max(accuracies)
    assert accuracies[int(result.metrics["best_epoch"]) - 1] == max(accuracies)


def trials_of(study: Study, digits: Dataset) -> Iterator[Trial]:
    return tuning_plan(study, "digits", digits.content_hash, {}, whole_blocks(study, 1))


def test_the_test_part_is_read_once_by_evaluation_and_never_by_tuning(
    study: Study, digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []
    original = module.read_test

    def counted(*arguments: Any) -> Any:
        reads.append("read")
        return original(*arguments)

    monkeypatch.setattr(module, "read_test", counted)
    execute(specs_of(study, digits)["baseline"], digits)
    assert reads == ["read"]
    trial = next(trials_of(study, digits))
    tuned = execute(trial.spec, digits)
    assert reads == ["read"]
    assert "test_accuracy" not in tuned.metrics
    assert len(tuned.predictions) == 0


def spoiled(dataset: Dataset, test: np.ndarray) -> Dataset:
    """Return the dataset with nonsense in its test part."""
    if dataset.x_test is not None and dataset.y_test is not None:
        return replace(
            dataset,
            x_test=255 - dataset.x_test,
            y_test=(dataset.y_test + 1) % 10,
        )
    # The labels stay: the draw is stratified by them.
    images = dataset.x.copy()
    images[test] = 255 - images[test]
    return replace(dataset, x=images)


@pytest.mark.parametrize("canonical", [True, False], ids=["its own test images", "drawn"])
@pytest.mark.parametrize("kind", ["run", "trial"])
def test_whatever_the_test_part_holds_training_and_selection_are_the_same(
    params: dict[str, Any], digits: Dataset, canonical: bool, kind: str
) -> None:
    """Weights, epoch, learning rate: nothing that is chosen can have seen the test part."""
    n = 1200
    if canonical:
        digits = replace(
            digits,
            x=digits.x[:n],
            y=digits.y[:n],
            x_test=digits.x[n:],
            y_test=digits.y[n:],
        )
    study = parse_study(params)
    if kind == "trial":
        spec = next(trials_of(study, digits)).spec
    else:
        spec = specs_of(study, digits)["adam+augmentation"]
    split = draw_split(
        digits,
        validation_fraction=spec.recipe.validation_fraction,
        rng=stream(spec.seed, "digits", spec.replicate, spec.streams, "split"),
    )
    honest, wrong = execute(spec, digits), execute(spec, spoiled(digits, split.test))
    assert honest.parameters_sha256 == wrong.parameters_sha256
    times = {"data_s", "forward_s", "backward_s", "update_s", "evaluation_s", "elapsed_s"}
    for name in honest.history.keys() - times:
        assert honest.history[name] == wrong.history[name]
    for name in ("best_epoch", "val_accuracy", "val_loss"):
        assert honest.metrics[name] == wrong.metrics[name]
    if kind == "trial":
        assert "test_accuracy" not in honest.metrics
    else:
        np.testing.assert_array_equal(honest.test_index, split.test)
        assert honest.metrics["test_accuracy"] != wrong.metrics["test_accuracy"]


def test_a_diverging_recipe_is_a_result(study: Study, digits: Dataset) -> None:
    spec = planned(study, {"baseline": 1e30}, content=digits.content_hash)[0]
    with np.errstate(all="ignore"):
        result = execute(spec, digits)
    assert result.status == "diverged"
    assert "epoch 1" in result.reason
    assert result.metrics["diverged_step"] >= 1
    assert len(result.predictions) == 0
