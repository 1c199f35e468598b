"""A field at its off value is the field absent, bit by bit: so it may leave a run's identity."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data_loaders.batches import Batches
from data_loaders.datasets import Dataset
from experiments.design.study import parse_study
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.execute import execute, parts
from experiments.run.fields import Off
from experiments.run.run_spec import RunSpec
from nn.activations.relu import ReLU
from nn.initializers.he import he_normal
from nn.layers.dense import Dense
from nn.losses.cross_entropy import CrossEntropy
from nn.network import Network
from nn.optimizers.sgd import SGD
from nn.schedules.cosine import cosine
from nn.training import train
from tests.experiments.conftest import network, specs_of

DECLARED = {
    name: mark.value
    for name, field in NetworkRecipe.model_fields.items()
    for mark in field.metadata
    if isinstance(mark, Off)
}
# The same nothing said by the component itself: its code runs, at strength zero.
ZERO: dict[str, dict[str, Any]] = {
    "block": {"block": ["dense", "relu"]},
    "batch_norm": {"batch_norm": False},
    "warmup": {"warmup": 1e-9},
    "l1": {"penalty": [{"l1": 0.0}]},
    "l2": {"penalty": [{"l2": 0.0}]},
    "penalty": {"penalty": [{"l1": 0.0}, {"l2": 0.0}, {"elastic_net": {"l1": 0, "l2": 0}}]},
    "dropout": {"block": ["dense", "relu", {"dropout": 0.0}]},
    "augmentation": {"augmentation": [{"shift": 0}]},
    "mixup": {"mixup": 0.0},
    "clip_norm": {"clip_norm": 1e30},
    "max_norm": {"max_norm": 1e30},
    "average": {"average": 0.0},
    "patience": {"patience": 10**6},
    "output": {"output": {"leaky_relu": {"slope": 1.0}}},
    "target_scaling": {"target_scaling": "standard"},
    "bias_initializer": {"bias_initializer": {"constant": {"value": 0.0}}},
    "layer_rates": {"layer_rates": [1, 1]},
    "shuffle": {"shuffle": True},
    # Of one epoch the best is the last.
    "keep": {"keep": "last"},
    "scaling": {"scaling": "standard"},
}
OTHERS: dict[str, dict[str, Any]] = {
    "label smoothing": {"loss": {"cross_entropy": {"label_smoothing": 0.0}}},
    "momentum": {"optimizer": {"momentum": {"momentum": 0.0}}},
    "nesterov": {"optimizer": {"nesterov": {"momentum": 0.0}}},
    "leaky slope": {"activation": {"leaky_relu": {"slope": 0.0}}},
    "affine": {"augmentation": {"affine": {"rotation": 0, "scale": 0, "shear": 0}}},
    "elastic": {"augmentation": {"elastic": {"alpha": 0}}},
    "flip": {"augmentation": {"flip": {"probability": 0}}},
    "erasing": {"augmentation": {"erasing": {"probability": 0}}},
    "noise": {"augmentation": {"noise": {"deviation": 0}}},
}


@pytest.fixture
def spec(params: dict[str, Any], digits: Dataset) -> RunSpec:
    params["recipe"] |= {"epochs": 1, "learning_rate": 0.1}
    return specs_of(parse_study(params), digits)["baseline"]


def trained_by_hand(spec: RunSpec, digits: Dataset) -> np.ndarray:
    """Train with the required arguments of `nn` alone: nothing that can be off is there at all."""
    split, scaling = parts(spec, digits)
    made = Network(
        [
            Dense(16, initializer=he_normal),
            ReLU(),
            Dense(10, initializer=he_normal),
        ],
        n_inputs=64,
        batch_size=64,
        rng=spec.generator("init"),
    )
    rng = spec.generator("order")
    batches = Batches(digits.x, digits.y, split.train, batch_size=64, scaling=scaling, rng=rng)
    optimizer = SGD()
    list(
        train(made, CrossEntropy(), optimizer, batches, learning_rate=0.1, epochs=1,
              schedule=cosine)
    )  # fmt: skip
    return made.parameters


def test_with_all_fields_off_a_run_is_plain_training(spec: RunSpec, digits: Dataset) -> None:
    import hashlib

    bare = replace(spec, recipe=spec.recipe.with_fields(DECLARED))
    expected = hashlib.sha256(trained_by_hand(spec, digits).tobytes()).hexdigest()
    assert execute(bare, digits).parameters_sha256 == expected


def test_every_declared_field_has_its_zero_below() -> None:
    assert set(ZERO) == set(DECLARED)


@pytest.mark.parametrize("name", [*ZERO, *OTHERS])
def test_a_component_at_strength_zero_is_the_component_absent(
    spec: RunSpec, digits: Dataset, name: str
) -> None:
    fields = ZERO[name] if name in ZERO else OTHERS[name]
    zero = replace(spec, recipe=network(spec.recipe, **fields))
    assert execute(zero, digits).parameters_sha256 == execute(spec, digits).parameters_sha256


@pytest.mark.parametrize("name", DECLARED)
def test_a_field_enters_the_identity_when_it_is_on(spec: RunSpec, name: str) -> None:
    on: dict[str, Any] = {"batch_norm": True, "block": ["dense"], "penalty": ["l1"],
                          "augmentation": ["flip"], "patience": 3, "output": "tanh",
                          "target_scaling": "none",
                          "bias_initializer": "normal", "layer_rates": [1, 2],
                          "shuffle": False, "keep": "last", "scaling": "unit"}  # fmt: skip
    on["penalty"] = [{"l1": 0.1}]
    assert name not in spec.recipe.identity()
    assert name in network(spec.recipe, **{name: on.get(name, 0.25)}).identity()
