"""A network ready to train: warm-up, learning rate, and no more than the recipe says."""

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data_loaders.datasets import Dataset
from experiments.design.study import Study, parse_study
from experiments.network import train_network
from experiments.network.train_network import Ready
from experiments.run.execute import execute, task_of
from experiments.run.run_spec import RunSpec
from nn.network import Network
from tests.experiments.conftest import network, specs_of


def rates_of(setup: Ready, **changes: Any) -> list[float]:
    return [record.learning_rate for record in setup.train(**changes)]  # type: ignore[union-attr]


def ready(spec: RunSpec, dataset: Dataset) -> Ready:
    return Ready.of(spec.recipe, task_of(spec, dataset))  # type: ignore[arg-type]


def test_warm_up_counts_in_epochs(params: dict[str, Any], digits: Dataset) -> None:
    params["recipe"] |= {"epochs": 3, "schedule": "constant", "warmup": 2}
    setup = ready(specs_of(parse_study(params), digits)["baseline"], digits)
    np.testing.assert_allclose(rates_of(setup), [0.05, 0.1, 0.1])


def test_other_batches_leave_warm_up_as_it_is(params: dict[str, Any], digits: Dataset) -> None:
    params["recipe"] |= {"schedule": "constant", "warmup": 1}
    setup = ready(specs_of(parse_study(params), digits)["baseline"], digits)
    half = list(setup.batches)[: len(setup.batches) // 2]
    share = len(half) / len(setup.batches)
    rates = rates_of(setup, batches=half, epochs=3)
    np.testing.assert_allclose(rates, [0.1 * min(1, epoch * share) for epoch in (1, 2, 3)])


def test_a_run_without_a_learning_rate_is_refused(study: Study, digits: Dataset) -> None:
    spec = specs_of(study, digits)["baseline"]
    untuned = replace(spec, recipe=spec.recipe.with_fields({"learning_rate": None}))
    with pytest.raises(ValueError, match="learning_rate — must be a number — got none"):
        ready(untuned, digits).train()


@pytest.fixture(scope="module")
def colours() -> Dataset:
    """Return RGB pictures in three classes, each brighter in a channel of its own."""
    rng = np.random.default_rng(0)
    labels = (np.arange(120) % 3).astype(np.uint8)
    pictures = rng.integers(0, 120, (120, 6, 5, 3))
    pictures[np.arange(120), :, :, labels] += 100
    return Dataset(
        "colours", pictures.astype(np.uint8), labels, None, None, ("r", "g", "b"), "colours"
    )


def test_rgb_pictures_are_augmented_and_learned(colours: Dataset) -> None:
    every = ["shift", "affine", {"elastic": {"alpha": 2.0}}, "flip", "erasing", "noise"]
    recipe = network(hidden=(8,), epochs=8, learning_rate=0.1, batch_size=16, augmentation=every)
    spec = RunSpec("s", "colours", "c", "cell", {}, recipe, 0, 0, "colours", "")
    result = execute(spec, colours)
    assert result.status == "ok"
    assert result.metrics["test_accuracy"] > 0.9


def test_one_channel_trains_what_grey_pictures_train(colours: Dataset) -> None:
    recipe = network(
        hidden=(8,), epochs=2, learning_rate=0.1, batch_size=16, augmentation=["affine", "noise"]
    )
    spec = RunSpec("s", "colours", "c", "cell", {}, recipe, 0, 0, "colours", "")
    grey = replace(colours, x=np.ascontiguousarray(colours.x[..., 0]))
    one, other = (execute(spec, replace(grey, x=x)) for x in (grey.x, grey.x[..., None]))
    assert one.parameters_sha256 == other.parameters_sha256


def test_without_shuffling_every_epoch_comes_as_stored(study: Study, digits: Dataset) -> None:
    spec = specs_of(study, digits)["baseline"]
    task = task_of(spec, digits)
    setup = Ready.of(network(spec.recipe, shuffle=False), task)
    for _ in range(2):
        rows = np.concatenate([y.copy() for _, y in setup.batches])
        np.testing.assert_array_equal(rows, task.y)


@pytest.mark.parametrize(("keep", "epoch", "accuracy"), [("best", 1, 0.5), ("last", 2, 0.4)])
def test_the_epoch_that_is_kept_is_the_one_reported(
    study: Study,
    digits: Dataset,
    monkeypatch: pytest.MonkeyPatch,
    keep: str,
    epoch: int,
    accuracy: float,
) -> None:
    seen, accuracies = [], iter((0.5, 0.4))

    def worse(network: Network, **_: Any) -> tuple[float, float]:
        seen.append(hashlib.sha256(network.parameters.tobytes()).hexdigest())
        return 1.0, next(accuracies)

    monkeypatch.setattr(train_network, "evaluate", worse)
    spec = specs_of(study, digits)["baseline"]
    result = execute(replace(spec, recipe=network(spec.recipe, keep=keep)), digits)
    assert result.metrics["best_epoch"] == epoch
    assert result.metrics["val_accuracy"] == accuracy
    assert result.parameters_sha256 == seen[epoch - 1]


@pytest.mark.parametrize("keep", ["best", "last"])
def test_all_examples_are_trained_on_without_a_validation_part(
    params: dict[str, Any], digits: Dataset, keep: str
) -> None:
    params["recipe"] |= {"validation_fraction": 0, "learning_rate": 0.3, "keep": keep}
    spec = specs_of(parse_study(params), digits)["baseline"]
    assert len(task_of(spec, digits).y) == len(digits.y) - round(0.2 * len(digits.y))
    result = execute(spec, digits)
    assert result.metrics["test_accuracy"] > 0.8
    assert result.metrics["best_epoch"] == 2
    assert "val_accuracy" not in result.metrics
    assert np.isnan(result.history["val_loss"]).all()


def test_raw_pixels_reach_the_network_divided_by_255(study: Study, digits: Dataset) -> None:
    spec = specs_of(study, digits)["baseline"]
    task = task_of(replace(spec, recipe=network(spec.recipe, scaling="unit")), digits)
    raw = task_of(replace(spec, recipe=network(spec.recipe, scaling="none")), digits)
    np.testing.assert_allclose(task.x, raw.x / 255, rtol=1e-6)
    assert set(np.unique(raw.x)) <= set(range(256))
