"""What a run costs in seconds: as calibrated on this machine, or typically."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from experiments.design.plan import digest_of
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.recipe import Recipe
from pipeline.study.dataset_card import DatasetCard

# Without a calibration: 2.3 GHz cores with AVX-512 took 7e-11 s per multiplication of a
# 784-256-128-10 network's forward pass, backward pass and update included, 1.5e-4 s per
# step whatever its size, and 0.03 s per run around its training.
_PRODUCT_S, _STEP_S, _RUN_S = 7e-11, 1.5e-4, 0.03
# Of a training whose inside is not known: seconds per number of the training part.
_VALUE_S = 1e-6


def passes(recipe: Recipe) -> int:
    """Return over how many passes a recipe's cost is spread; one where it has no epochs."""
    return recipe.epochs if isinstance(recipe, NetworkRecipe) else 1


def typical_seconds(recipe: Recipe, card: DatasetCard) -> float:
    """Return roughly what a run takes, from the size of its network and its steps."""
    n = card.n_left * (1 - recipe.validation_fraction)
    if not isinstance(recipe, NetworkRecipe):
        return _RUN_S + n * math.prod(card.image_shape) * _VALUE_S
    widths = [math.prod(card.image_shape), *recipe.hidden, len(card.class_names)]
    products = sum(a * b for a, b in pairwise(widths))
    steps = n / recipe.batch_size
    return _RUN_S + recipe.epochs * (n * products * _PRODUCT_S + steps * _STEP_S)


def cost_key(recipe: Recipe, card: DatasetCard, *, workers: int) -> str:
    """Return what runs of the same cost per epoch share.

    Neither what is tuned nor the number of epochs, but the source: a faster optimizer is
    calibrated anew.
    """
    fields = recipe.identity()
    for name in (recipe.tuned or "", "epochs", "patience"):
        fields.pop(name, None)
    text = json.dumps([fields, card.content_hash, digest_of(recipe), workers], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class RunCost:
    """Wall seconds of a run on a quiet machine: a fixed part, and a part per epoch."""

    fixed_s: float
    epoch_s: float

    def seconds(self, epochs: int) -> float:
        """Return the cost of a run of so many epochs."""
        return self.fixed_s + epochs * self.epoch_s


@dataclass(frozen=True)
class CostModel:
    """What runs cost with so many workers side by side.

    Parameters
    ----------
    workers : int
        Processes that share the machine.
    start_s : float
        From asking for workers to the first answer of the last of them.
    measured : mapping of cost_key to RunCost
        What was calibrated.
    factors : mapping of content hash to float
        How much more than typical a dataset's calibrated recipes cost, on average.
    """

    workers: int
    start_s: float = 2.0
    measured: Mapping[str, RunCost] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)

    def seconds(self, recipe: Recipe, card: DatasetCard) -> float:
        """Return what one run takes; a recipe that was not calibrated costs like the others."""
        cost = self.measured.get(cost_key(recipe, card, workers=self.workers))
        if cost is not None:
            return cost.seconds(passes(recipe))
        return typical_seconds(recipe, card) * self.factors.get(card.content_hash, 1.0)
