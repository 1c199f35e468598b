"""Build what a recipe names: the network, its batches, its penalty."""

from __future__ import annotations

import math
from collections.abc import Callable

from data_loaders.batches import Batches
from data_loaders.datasets import Dataset
from data_loaders.scaling import Scaling
from data_loaders.split import Split
from experiments.run.augment import augmenter
from experiments.run.recipe import Recipe
from experiments.run.run_spec import RunSpec
from nn.layers import BatchNorm, Dropout
from nn.layers.dense import Dense
from nn.layers.layer import Layer
from nn.network import Network
from nn.penalties import PENALTIES, Penalty


def build_network(spec: RunSpec, dataset: Dataset) -> Network:
    """Return the untrained network of a run, a pure function of its streams."""
    recipe = spec.recipe
    layers: list[Layer] = []
    for units in recipe.hidden:
        layers.append(Dense(units, initializer=recipe.initializer.bound()))
        if recipe.batch_norm:
            layers.append(BatchNorm())
        layers.append(recipe.activation.make())
        if recipe.dropout:
            layers.append(Dropout(recipe.dropout))
    layers.append(Dense(dataset.n_classes, initializer=recipe.initializer.bound()))
    return Network(
        layers,
        n_inputs=math.prod(dataset.x.shape[1:]),
        batch_size=recipe.batch_size,
        rng=spec.generator("init"),
        dropout_rng=spec.generator("dropout"),
    )


def build_batches(spec: RunSpec, dataset: Dataset, split: Split, scaling: Scaling) -> Batches:
    """Return the training part in batches: shuffled each epoch, augmented as the recipe says."""
    return Batches(
        dataset.x,
        dataset.y,
        split.train,
        batch_size=spec.recipe.batch_size,
        scaling=scaling,
        rng=spec.generator("order"),
        augment=augmenter(spec.recipe, rng=spec.generator("augmentation")),
    )


def build_penalty(recipe: Recipe) -> Penalty | None:
    """Return the recipe's L1, L2 or elastic-net penalty, None without any."""
    strengths = {"l1": recipe.l1, "l2": recipe.l2}
    used = {name: strength for name, strength in strengths.items() if strength}
    if not used:
        return None
    make: Callable[..., Penalty] = PENALTIES["elastic_net" if len(used) == 2 else next(iter(used))]
    return make(*used.values())
