"""What a run takes, seconds as calibrated on this machine and memory; how long timing takes."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from itertools import pairwise
from statistics import fmean
from typing import Literal

from pydantic.dataclasses import dataclass

from experiments.design.step_arms import has_steps, step_arms
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.recipe import Recipe
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.machine import memory
from pipeline.study.project import Project

# Python, NumPy and what a worker imports take this much before its first run.
_WORKER_BYTES = 150_000_000
# Of the machine's memory, what the parent, the system and the user's other programs are left.
_SHARE = 0.9
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


def spare_bytes() -> float:
    """Return how much memory of this machine all workers may have together."""
    return _SHARE * memory()


def timing_seconds(
    project: Project, cards: Iterable[DatasetCard], start_s: float
) -> dict[str, float]:
    """Return about how long stage `time` takes by dataset; nothing where it measures nothing."""
    protocol = project.settings.time
    if not protocol.processes or not has_steps(project.study):
        return {}
    arms = {card.name: step_arms(project.study, card.name)[1] for card in cards}
    return {name: protocol.seconds(len(own), start_s) for name, own in arms.items()}


@dataclass(frozen=True)
class RunCost:
    """Wall seconds of a run on a quiet machine: a fixed part, and a part per epoch."""

    fixed_s: float
    epoch_s: float


@dataclass(frozen=True)
class CostModel:
    """What runs cost with so many workers side by side.

    Parameters
    ----------
    workers : int
        Processes that share the machine.
    start_s : float
        From asking for workers to the first answer of the last of them.
    measured : mapping
        Content hash → cost_key → what was calibrated; None for a recipe that did not get through.
    format : 4
        Of the file that keeps it.
    """

    workers: int = 1
    start_s: float = 0.0
    measured: Mapping[str, Mapping[str, RunCost | None]] = field(default_factory=dict)
    format: Literal[4] = 4

    def having(self, costs: Iterable[tuple[RunSpec, RunCost | None]]) -> CostModel:
        """Return the model with what was calibrated just now."""
        measured = {content_hash: dict(own) for content_hash, own in self.measured.items()}
        for spec, cost in costs:
            measured.setdefault(spec.content_hash, {})[cost_key(spec, self.workers)] = cost
        return replace(self, measured=measured)

    def typical(self, content_hash: str) -> RunCost | None:
        """Return the mean of a dataset's calibrated recipes."""
        own = [cost for cost in self.measured.get(content_hash, {}).values() if cost]
        return (
            RunCost(fmean(c.fixed_s for c in own), fmean(c.epoch_s for c in own)) if own else None
        )

    def seconds(self, specs: Sequence[RunSpec]) -> list[float]:
        """Return what each run takes; a recipe that was not calibrated costs like the others.

        On a dataset of which nothing is known, each run counts as a second.
        """
        # The blocks of a cell differ in what is tuned alone.
        kinds = {(spec.dataset, spec.cell, spec.trial): spec for spec in reversed(specs)}
        others = {h: self.typical(h) or RunCost(1, 0) for h in {s.content_hash for s in specs}}
        known = {}
        for kind, spec in kinds.items():
            own = self.measured.get(spec.content_hash, {}).get(cost_key(spec, self.workers))
            cost = own or others[spec.content_hash]
            known[kind] = cost.fixed_s + passes(spec.recipe) * cost.epoch_s
        return [known[spec.dataset, spec.cell, spec.trial] for spec in specs]
