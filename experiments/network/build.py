"""Build the network that a recipe names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.network.parts import parts_of
from experiments.run.task import Task
from nn.layers.dense import Dense
from nn.layers.layer import Layer
from nn.network import Network

if TYPE_CHECKING:
    from experiments.network.network_recipe import NetworkRecipe


def build_network(recipe: NetworkRecipe, task: Task) -> Network:
    """Return the untrained network of a recipe, a pure function of the task's streams."""
    block, initializer = parts_of(recipe).block, recipe.initializer.make()
    layers: list[Layer] = []
    for units in recipe.hidden:
        known = {"n_outputs": units, "initializer": initializer}
        for component in block:
            wanted = component.makes_use_of(*known)
            layers.append(component.make(**{name: known[name] for name in wanted}))
    layers.append(Dense(task.n_outputs, initializer=initializer))
    return Network(
        layers,
        n_inputs=math.prod(task.shape),
        batch_size=recipe.batch_size,
        rng=task.generator("init"),
        dropout_rng=task.generator("dropout"),
    )
