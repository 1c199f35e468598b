"""Networks predict numbers of any unit, with and without a validation part."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data_loaders.datasets import Dataset, Feature
from data_loaders.load import load
from data_loaders.spec import DatasetSpec
from experiments.network.standard_targets import StandardTargets
from experiments.run.execute import execute, execute_whole
from experiments.run.run_spec import RunSpec
from tests.experiments.conftest import network

MSE: dict[str, Any] = {"loss": "mse", "hidden": [16], "batch_size": 32, "epochs": 20}


def xor(*, numbers: bool) -> Dataset:
    """Four rows that are the training part and the test part."""
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    y = np.array([0, 1, 1, 0], np.float64 if numbers else np.uint8)
    names = () if numbers else ("equal", "different")
    return Dataset("xor", x, y, x, y, names, "xor", (Feature("a"), Feature("b")))


def run_on(dataset: Dataset, **fields: Any) -> RunSpec:
    recipe = network(learning_rate=0.1, **fields)
    return RunSpec("s", dataset.name, "c", "cell", {}, recipe, 0, 0, dataset.content_hash, "")


@pytest.fixture(scope="module")
def diabetes() -> Dataset:
    return load(DatasetSpec("diabetes", sklearn="load_diabetes", task="regression"))


@pytest.mark.parametrize("numbers", [False, True], ids=["classes", "numbers"])
def test_four_rows_without_a_validation_part_are_learned(numbers: bool) -> None:
    fields = {"hidden": [8], "activation": "tanh", "batch_size": 4, "epochs": 400}
    loss = "mse" if numbers else "cross_entropy"
    spec = run_on(xor(numbers=numbers), validation_fraction=0, loss=loss, **fields)
    result = execute(spec, xor(numbers=numbers))
    np.testing.assert_array_equal(result.predictions.round(), [0, 1, 1, 0])
    assert result.metrics["best_epoch"] == 400
    assert "val_loss" not in result.metrics


def test_an_output_of_known_range_is_trained_on_the_numbers_themselves() -> None:
    """A tanh reaches neither -1 nor 1, which standard targets of XOR are."""
    fields = {"hidden": [3], "activation": "tanh", "output": "tanh", "batch_size": 1}
    fields |= {"scaling": "none", "target_scaling": "none", "loss": "mse", "keep": "last"}
    spec = run_on(xor(numbers=True), validation_fraction=0, epochs=1000, **fields)
    result = execute(spec, xor(numbers=True))
    np.testing.assert_allclose(result.outputs, [0, 1, 1, 0], atol=0.1)
    assert result.history["train_loss"][-1] < 0.01


def test_the_unit_of_the_numbers_makes_no_difference(diabetes: Dataset) -> None:
    spec = run_on(diabetes, **MSE)
    here = execute(spec, diabetes)
    there = execute(spec, replace(diabetes, y=1000 * diabetes.y + 5e5))
    np.testing.assert_allclose(there.outputs, 1000 * here.outputs + 5e5, rtol=1e-4)
    np.testing.assert_allclose(there.metrics["val_loss"], 1e6 * here.metrics["val_loss"], rtol=1e-3)


def test_a_run_s_error_is_in_the_unit_of_the_numbers_and_a_curve_s_a_share(
    diabetes: Dataset,
) -> None:
    executed = execute_whole(run_on(diabetes, **MSE), diabetes)
    result, validation = executed.result, executed.split.validation
    rows = executed.scaling.apply(diabetes.x[validation])
    errors = executed.trained.predict(rows) - diabetes.y[validation]
    assert result.metrics["val_loss"] == pytest.approx(np.square(errors).mean(), rel=1e-5)
    share = result.metrics["val_loss"] / diabetes.y[executed.split.train].var()
    assert min(result.history["val_loss"]) == pytest.approx(share, rel=1e-4)
    assert all(map(math.isnan, result.history["train_accuracy"]))


@pytest.mark.parametrize("loss", ["cross_entropy", "sigmoid_cross_entropy"])
def test_a_loss_of_classes_is_refused(diabetes: Dataset, loss: str) -> None:
    with pytest.raises(ValueError, match=f"got {loss}. Write `loss: mse`"):
        execute(run_on(diabetes, **MSE | {"loss": loss}), diabetes)


def test_numbers_that_are_all_the_same_come_back() -> None:
    targets = StandardTargets.fit(np.full(5, 3.0, np.float32))
    ((_, standard),) = targets.apply([(np.zeros((5, 1)), np.full(5, 3.0))])
    assert standard.dtype == np.float32
    assert not standard.any()
    np.testing.assert_array_equal(targets.restore(standard), 3)
