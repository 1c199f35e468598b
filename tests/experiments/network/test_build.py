"""What a recipe names is built, and nothing of it depends on what else the recipe names."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data_loaders.datasets import Dataset
from experiments.design.study import Study, parse_study
from experiments.network.build import build_network
from experiments.network.build_penalty import build_penalty
from experiments.network.parts import parts_of
from experiments.network.train_network import Ready
from experiments.run.execute import task_of
from experiments.run.run_spec import RunSpec
from nn.network import Network
from tests.experiments.conftest import network, specs_of


def built(spec: RunSpec, dataset: Dataset) -> Network:
    return build_network(spec.recipe, task_of(spec, dataset))  # type: ignore[arg-type]


def test_switching_a_component_leaves_the_initial_weights_alone(
    study: Study, digits: Dataset
) -> None:
    specs = specs_of(study, digits)
    networks = [built(spec, digits).parameters for spec in specs.values()]
    placebo = list(specs).index("placebo")
    for i, parameters in enumerate(networks):
        assert np.array_equal(parameters, networks[0]) == (i != placebo)


def test_batch_norm_stands_between_dense_and_activation(
    params: dict[str, Any], digits: Dataset
) -> None:
    del params["factors"]["dropout"]
    params["factors"]["norm"] = {"off": {}, "on": {"batch_norm": True, "dropout": 0.2}}
    found = built(specs_of(parse_study(params), digits)["norm"], digits)
    assert [type(layer).__name__ for layer in found.layers] == [
        "Dense",
        "BatchNorm",
        "ReLU",
        "Dropout",
        "Dense",
    ]
    plain = built(specs_of(parse_study(params), digits)["baseline"], digits)
    np.testing.assert_array_equal(found.weights, plain.weights)


@pytest.mark.parametrize(("l1", "l2"), [(0.1, 0.0), (0.0, 0.3), (0.1, 0.3)])
def test_the_penalty_pulls_with_each_strength(l1: float, l2: float) -> None:
    weights = np.array([-2.0, 0.5, 4.0], np.float32)
    gradient = np.zeros(3, np.float32)
    penalty = build_penalty(parts_of(network(l1=l1, l2=l2)).penalties)
    assert penalty is not None
    penalty.add_gradient(weights, gradient, np.empty(3, np.float32))
    np.testing.assert_allclose(gradient, l1 * np.sign(weights) + l2 * weights, rtol=1e-6)


def test_no_strength_is_no_penalty() -> None:
    assert build_penalty(parts_of(network()).penalties) is None


def test_output_and_biases_are_those_that_the_recipe_names(study: Study, digits: Dataset) -> None:
    spec = specs_of(study, digits)["baseline"]
    bounds = {"uniform": {"low": 2.0, "high": 3.0}}
    recipe = network(spec.recipe, output="tanh", bias_initializer=bounds)
    found = built(replace(spec, recipe=recipe), digits)
    assert [type(layer).__name__ for layer in found.layers] == ["Dense", "ReLU", "Dense", "Tanh"]
    biases = found.parameters[len(found.weights) :]
    assert ((biases >= 2) & (biases < 3)).all()
    logits = found.logits(task_of(spec, digits).x)
    assert (np.abs(logits) <= 1).all()


def test_a_layer_of_rate_zero_stays_as_it_was_drawn(study: Study, digits: Dataset) -> None:
    spec = specs_of(study, digits)["adam"]
    frozen = replace(spec, recipe=network(spec.recipe, layer_rates=[0, 1]))
    before, after = built(spec, digits), Ready.of(frozen.recipe, task_of(frozen, digits))
    list(after.train())
    first, last = (before.named_arrays(), after.network.named_arrays())
    for name, values in first.items():
        assert np.array_equal(values, last[name]) == name.startswith("layers.0.")
