"""What a run takes: seconds, as calibrated on this machine, and memory."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import field
from itertools import pairwise
from typing import Literal

from pydantic.dataclasses import dataclass

from experiments.network.network_recipe import NetworkRecipe
from experiments.run.recipe import Recipe
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard

# Python, NumPy and what a worker imports take this much before its first run.
_WORKER_BYTES = 150_000_000
# Parameters, gradient, up to two moments, the best epoch's copy and a moving average.
_VECTORS = 6


def cost_key(spec: RunSpec, workers: int) -> str:
    """Return what runs of the same cost per epoch share.

    Neither what is tuned nor the number of epochs, but the source: a faster optimizer is
    calibrated anew.
    """
    fields = spec.recipe.identity()
    for name in (spec.recipe.tuned or "", "epochs", "patience"):
        fields.pop(name, None)
    # That a strength is on costs something; how much of it does not.
    fields |= dict.fromkeys(set(spec.tuned) & set(fields), "tuned")
    text = json.dumps([fields, spec.content_hash, spec.source_digest, workers], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def passes(recipe: Recipe) -> int:
    """Return over how many passes a recipe's cost is spread; one where it has no epochs."""
    return recipe.epochs if isinstance(recipe, NetworkRecipe) else 1


def needed_bytes(recipe: Recipe, card: DatasetCard) -> int:
    """Return roughly how much memory a worker needs for runs of a recipe, in single precision.

    Of a training whose inside is not known no more than its data is counted.
    """
    pixels = math.prod(card.image_shape)
    images = (card.n_train + card.n_test) * pixels
    if not isinstance(recipe, NetworkRecipe):
        return _WORKER_BYTES + 4 * images
    widths = [pixels, *recipe.hidden, len(card.class_names)]
    parameters = sum((a + 1) * b for a, b in pairwise(widths))
    # Each layer keeps its input and its gradient.
    activations = 2 * recipe.batch_size * sum(widths)
    return _WORKER_BYTES + images + 4 * (_VECTORS * parameters + activations)


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
        What was calibrated; None for a recipe that did not get through its calibration.
    typical : mapping of content hash to RunCost
        The mean of a dataset's calibrated recipes.
    format : 3
        Of the file that keeps it.
    """

    workers: int = 1
    start_s: float = 0.0
    measured: Mapping[str, RunCost | None] = field(default_factory=dict)
    typical: Mapping[str, RunCost] = field(default_factory=dict)
    format: Literal[3] = 3

    def seconds(self, specs: Sequence[RunSpec]) -> list[float]:
        """Return what each run takes; a recipe that was not calibrated costs like the others.

        On a dataset of which nothing is known, each run counts as a second.
        """
        # The blocks of a cell differ in what is tuned alone.
        kinds = {(spec.dataset, spec.cell, spec.trial): spec for spec in reversed(specs)}
        known = {}
        for kind, spec in kinds.items():
            cost = self.measured.get(cost_key(spec, self.workers))
            cost = cost or self.typical.get(spec.content_hash, RunCost(1.0, 0.0))
            known[kind] = cost.seconds(passes(spec.recipe))
        return [known[spec.dataset, spec.cell, spec.trial] for spec in specs]
