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
    parts = parts_of(recipe)
    initializers = {
        "initializer": recipe.initializer.make(),
        "bias_initializer": recipe.bias_initializer.make(),
    }
    factors = recipe.layer_rates or (1.0,) * (len(recipe.hidden) + 1)
    layers: list[Layer] = []
    for units, factor in zip(recipe.hidden, factors[:-1], strict=True):
        known = {"n_outputs": units, "rate_factor": factor, **initializers}
        for component in parts.block:
            wanted = component.makes_use_of(*known)
            layers.append(component.make(**{name: known[name] for name in wanted}))
    layers.append(Dense(task.n_outputs, rate_factor=factors[-1], **initializers))
    layers += [component.make() for component in parts.output]
    return Network(
        layers,
        n_inputs=math.prod(task.shape),
        batch_size=recipe.batch_size,
        rng=task.generator("init"),
        dropout_rng=task.generator("dropout"),
    )
