"""Calibrate what runs cost: a few real steps of each recipe, on as many workers as the study."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from data_loaders.datasets import Dataset
from data_loaders.load import load, load_content
from experiments.network.build import build_network
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.execute import execute, task_of
from experiments.run.recipe import Recipe
from experiments.run.run_spec import RunSpec
from pipeline import atomic
from pipeline.study.machine import cores, pin_threads
from pipeline.study.planning.run_cost import CostModel, RunCost, cost_key

NAME = "calibration.json"
_FILE = TypeAdapter(CostModel)
# Enough steps for a steady rate, few enough for seconds in all.
_EPOCHS, _STEPS, _LEAST_IMAGES = 4, 24, 1000
# Recipes calibrated per dataset; further ones cost like their dataset's others.
_MOST = 40
_RATE = 1e-6


def _subset(dataset: Dataset, n: int) -> Dataset:
    """Return every k-th image, so that each class keeps its share."""
    step = max(1, len(dataset.x) // n)
    whole = {name: getattr(dataset, name) for name in ("x", "y", "x_test", "y_test", "groups")}
    parts: dict[str, Any] = {
        name: a if a is None else np.ascontiguousarray(a[::step]) for name, a in whole.items()
    }
    return replace(dataset, **parts, validation=None)


@cache
def _warm_up() -> None:
    """Execute a small run once in each process: the first one imports, allocates and maps."""
    _measure_on(NetworkRecipe(epochs=1, hidden=(8,)), _subset(load("digits"), _LEAST_IMAGES), 1.0)


def measure(spec: RunSpec) -> RunCost | None:
    """Return what runs of a recipe on a dataset cost, from a few epochs on part of it.

    None for a recipe that fails or diverges at once, whatever the reason: its runs will say it.
    """
    recipe = spec.recipe
    try:
        dataset = load_content(spec.dataset, spec.content_hash)
        _warm_up()
        share = 1 - recipe.validation_fraction
        steps = _STEPS * recipe.batch_size / share if isinstance(recipe, NetworkRecipe) else 0
        small = _subset(dataset, max(_LEAST_IMAGES, int(steps)))
        return _measure_on(recipe, small, len(dataset.x) / len(small.x))
    except Exception:
        return None


def _measure_on(recipe: Recipe, small: Dataset, scale: float) -> RunCost | None:
    """Return what runs of a recipe cost on a dataset of which `small` is one part in `scale`."""
    # In seconds of the processor: what else runs at the moment will not run for ever, and the
    # answer is kept.
    if not isinstance(recipe, NetworkRecipe):
        # Measured whole, and taken to grow with its data: nobody knows its inside.
        if recipe.waits_for_tuning:
            recipe = recipe.with_tuned({str(recipe.tuned): recipe.centre()})
        whole = execute(_calibrating(recipe, small), small)
        return RunCost(0.0, whole.metrics["fit_cpu_s"] * scale) if whole.status == "ok" else None
    # At a rate so small little diverges; a step costs the same whatever it is.
    short = recipe.with_fields({"epochs": _EPOCHS, "learning_rate": _RATE, "patience": None})
    spec = _calibrating(short, small)
    began = time.process_time()
    build_network(short, task_of(spec, small))
    build_s = time.process_time() - began
    began = time.process_time()
    result = execute(spec, small)
    if result.status != "ok":
        return None
    cpu = result.metrics["fit_cpu_s"]
    around_s = time.process_time() - began - cpu - build_s
    # The first epoch warms caches and allocates; the last ones tell the rate, by the clock on a
    # quiet machine. On a busy one the mean of their processor time says less than the clock.
    elapsed = np.diff(result.history["elapsed_s"])
    epoch_s = min(float(median(elapsed)), cpu / _EPOCHS)
    return RunCost(build_s + max(around_s, 0.0) * scale, epoch_s * scale)


def _calibrating(recipe: Recipe, dataset: Dataset) -> RunSpec:
    content = dataset.content_hash
    return RunSpec("calibration", dataset.name, "", "cell", {}, recipe, 0, 0, content, "")


def _ready(_: int) -> float:
    return time.time()


def read_costs(root: Path, workers: int) -> CostModel:
    """Return the cost model as calibrated before; one that knows nothing when it never was."""
    try:
        known = _FILE.validate_json((root / NAME).read_bytes())
    except (OSError, ValidationError):
        return CostModel(workers)
    return replace(known, workers=workers)


def calibrate(root: Path, specs: Iterable[RunSpec], workers: int) -> CostModel:
    """Measure the recipes that were not measured yet and return the cost model.

    All workers measure at once, as they will train: cores share caches and memory. What
    was measured is kept in `calibration.json` of the store's folder `root`, which may be deleted
    at any time. `specs` are runs of the plan, at least one of each cost; of each dataset no more
    than 40 are measured, evenly through the plan.
    """
    known, new = read_costs(root, workers), list[RunSpec]()
    by_dataset: dict[str, dict[str, RunSpec]] = {}
    for spec in specs:
        by_dataset.setdefault(spec.content_hash, {})[cost_key(spec, workers)] = spec
    for content_hash, own in by_dataset.items():
        keys = list(own)[:: -(-len(own) // _MOST)]
        before = known.measured.get(content_hash, {})
        new += [own[key] for key in keys if key not in before]
    if not new:
        return known
    pin_threads()
    context = multiprocessing.get_context("spawn")
    began, costs = time.time(), list[RunCost | None]()
    with ProcessPoolExecutor(workers, mp_context=context, initializer=pin_threads) as pool:
        start_s = max(pool.map(_ready, range(workers))) - began
        # A worker that the system ends for its memory takes the pool with it.
        with contextlib.suppress(BrokenProcessPool):
            costs.extend(pool.map(measure, new))
    # More workers than cores take turns.
    turns = max(1.0, workers / cores())
    costs = [cost and RunCost(turns * cost.fixed_s, turns * cost.epoch_s) for cost in costs]
    model = replace(known.having(zip(new, costs, strict=False)), start_s=start_s)
    atomic.write_bytes(root / NAME, _FILE.dump_json(model, indent=1, exclude={"workers"}))
    return model


def calibrate_here(root: Path, specs: Iterable[RunSpec], workers: int) -> CostModel:
    """Return the cost model; a dataset that it does not know is measured by its one run here.

    Quick and rough, for a progress bar that corrects itself as runs finish.
    """
    known = read_costs(root, workers)
    unknown = (spec for spec in specs if not known.typical(spec.content_hash))
    return known.having((spec, measure(spec)) for spec in unknown)
