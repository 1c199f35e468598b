"""Calibrate what runs cost: a few real steps of each recipe, on as many workers as the study."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from statistics import fmean, median

import numpy as np

from data_loaders.datasets import Dataset
from data_loaders.load import load, load_content
from experiments.network.build import build_network
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.execute import execute, task_of
from experiments.run.recipe import Recipe
from experiments.run.run_spec import RunSpec
from pipeline import atomic
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.executors.threads import pin_threads
from pipeline.study.planning.cost import CostModel, RunCost, cost_key, passes, typical_seconds

FORMAT = 2
# Enough steps for a steady rate, few enough for seconds in all.
_EPOCHS, _STEPS, _LEAST_IMAGES = 4, 24, 1000
# Recipes calibrated per dataset; further ones cost like their dataset's others.
_MOST = 40
_RATE = 1e-6
Wanted = tuple[Recipe, DatasetCard]


def _subset(dataset: Dataset, n: int) -> Dataset:
    """Return every k-th image, so that each class keeps its share."""
    if n >= len(dataset.x):
        return dataset
    step = len(dataset.x) // n

    def part(array: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(array[::step])

    tested = dataset.x_test is not None and dataset.y_test is not None
    return replace(
        dataset,
        x=part(dataset.x),
        y=part(dataset.y),
        x_test=part(np.asarray(dataset.x_test)) if tested else None,
        y_test=part(np.asarray(dataset.y_test)) if tested else None,
        groups=None if dataset.groups is None else part(dataset.groups),
        validation=None,
    )


@cache
def _warm_up() -> None:
    """Execute a small run once in each process: the first one imports, allocates and maps."""
    measure_on(NetworkRecipe(epochs=1, hidden=(8,)), _subset(load("digits"), _LEAST_IMAGES), 1.0)


def measure(recipe: Recipe, card: DatasetCard) -> RunCost:
    """Return what runs of a recipe on a dataset cost, from a few epochs on part of it.

    The learning rate is so small that nothing diverges; a step costs the same whatever it is.
    """
    dataset = load_content(card.name, card.content_hash)
    _warm_up()
    share = 1 - recipe.validation_fraction
    steps = _STEPS * recipe.batch_size / share if isinstance(recipe, NetworkRecipe) else 0
    small = _subset(dataset, max(_LEAST_IMAGES, int(steps)))
    return measure_on(recipe, small, len(dataset.x) / len(small.x))


def measure_on(recipe: Recipe, small: Dataset, scale: float) -> RunCost:
    """Return what runs of a recipe cost on a dataset of which `small` is one part in `scale`.

    In seconds of the processor: what else runs at the moment will not run for ever, and the
    answer is kept. A training whose inside is not known is measured whole, and taken to grow
    with its data.
    """
    if not isinstance(recipe, NetworkRecipe):
        tuned = recipe.with_tuned(recipe.centre()) if recipe.waits_for_tuning else recipe
        cpu = execute(_calibrating(tuned, small), small).metrics["fit_cpu_s"]
        return RunCost(0.0, cpu * scale)
    short = recipe.with_fields({"epochs": _EPOCHS, "learning_rate": _RATE, "patience": None})
    spec = _calibrating(short, small)
    began = time.process_time()
    build_network(short, task_of(spec, small))
    build_s = time.process_time() - began
    began = time.process_time()
    result = execute(spec, small)
    cpu = result.metrics["fit_cpu_s"]
    around_s = time.process_time() - began - cpu - build_s
    # The first epoch warms caches and allocates; the last ones tell the rate, by the clock on a
    # quiet machine. On a busy one the mean of their processor time says less than the clock.
    elapsed = np.diff(result.history["elapsed_s"])
    epoch_s = min(float(median(elapsed)), cpu / _EPOCHS)
    return RunCost(build_s + max(around_s, 0.0) * scale, epoch_s * scale)


def _calibrating(recipe: Recipe, dataset: Dataset) -> RunSpec:
    return RunSpec(
        "calibration", dataset.name, "", "cell", {}, recipe, 0, 0, dataset.content_hash, ""
    )


def _ready(_: int) -> float:
    return time.time()


def _spread(wanted: Sequence[Wanted]) -> Iterator[Wanted]:
    """Yield at most so many recipes of each dataset, evenly through the plan."""
    for card in {card.name: card for _, card in wanted}.values():
        own = [pair for pair in wanted if pair[1] is card]
        step = max(1, -(-len(own) // _MOST))
        yield from own[::step]


def _path(root: Path) -> Path:
    return root / "calibration.json"


def read_costs(root: Path, workers: int) -> CostModel:
    """Return the cost model as calibrated before; a typical one when it never was."""
    try:
        content = json.loads(_path(root).read_text())
        if content["format"] != FORMAT:
            return CostModel(workers)
        measured = {key: RunCost(**cost) for key, cost in content["measured"].items()}
        return CostModel(workers, content["start_s"], measured, content["factors"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return CostModel(workers)


def calibrate(root: Path, wanted: Sequence[Wanted], workers: int) -> CostModel:
    """Measure the recipes that were not measured yet and return the cost model.

    All workers measure at once, as they will train: cores share caches and memory. What
    was measured is kept in `<root>/calibration.json`, which may be deleted at any time.

    Parameters
    ----------
    root : Path
        The store's folder.
    wanted : sequence of (Recipe, DatasetCard)
        Recipes of the plan, each once.
    workers : int
        Processes of the study.
    """
    known = read_costs(root, workers)
    chosen = list(_spread(wanted))
    keys = [cost_key(recipe, card, workers=workers) for recipe, card in chosen]
    new = {k: p for k, p in zip(keys, chosen, strict=True) if k not in known.measured}
    if not new:
        return known
    pin_threads()
    context = multiprocessing.get_context("spawn")
    began = time.time()
    with ProcessPoolExecutor(workers, mp_context=context, initializer=pin_threads) as pool:
        start_s = max(pool.map(_ready, range(workers))) - began
        costs = list(pool.map(measure, *zip(*new.values(), strict=True)))
    # More workers than cores take turns.
    turns = max(1.0, workers / (os.cpu_count() or 1))
    costs = [RunCost(turns * cost.fixed_s, turns * cost.epoch_s) for cost in costs]
    measured = {**known.measured, **dict(zip(new, costs, strict=True))}
    factors = dict(known.factors)
    for card in {card.name: card for _, card in chosen}.values():
        factors[card.content_hash] = fmean(
            measured[key].seconds(passes(recipe)) / typical_seconds(recipe, card)
            for key, (recipe, own) in zip(keys, chosen, strict=True)
            if own.name == card.name
        )
    content = {
        "format": FORMAT,
        "start_s": start_s,
        "measured": {key: asdict(cost) for key, cost in measured.items()},
        "factors": factors,
    }
    atomic.write_text(_path(root), json.dumps(content, indent=1) + "\n")
    return CostModel(workers, start_s, measured, factors)
