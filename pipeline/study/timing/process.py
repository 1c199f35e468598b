"""What a fresh process does: read a request, time its rounds, write them.

Run as `python -m pipeline.study.timing.process`, JSON in and JSON out. It imports NumPy, the
engine and little else: what is not imported cannot disturb.
"""

from __future__ import annotations

import contextlib
import gc
import json
import math
import sys
from dataclasses import astuple
from typing import Any

import numpy as np

from data_loaders.load import load_content
from experiments.design.recipe_reader import recipe_from
from experiments.network.network_recipe import NetworkRecipe
from experiments.network.step_timing import Bench, Training, time_rounds

Side = tuple[int, int]


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Time the recipes of a request.

    Asked are `dataset`, `content_hash`, `seed`, `process` (number), `recipes` (the baseline first;
    of each the import path of its class, and its fields as plain values), `rounds`, `warm_up`
    (rounds before them), `burst_s` (CPU seconds of the baseline's bursts) and `middle` (whether to
    train on and measure in the middle of training, too).

    Answered are `n_steps` per burst; `rounds`: for each `Round` its phase and its values, the
    variant being the place of its recipe in the request; `failures`: place and reason of each
    recipe that cannot run, place 0 (the baseline) taking all others with it.
    """
    dataset = load_content(request["dataset"], request["content_hash"])
    bench = Bench(dataset, request["seed"], request["process"])
    read = (recipe_from(path, fields) for path, fields in request["recipes"])
    recipes = [recipe for recipe in read if isinstance(recipe, NetworkRecipe)]
    try:
        n_steps = bench.steps_in(request["burst_s"], recipes[0])
    except Exception as error:
        return {"n_steps": 0, "rounds": [], "failures": [(0, _reason(error))]}
    rng = np.random.default_rng([request["seed"], request["process"]])
    n_rounds, warm_up = request["rounds"], request["warm_up"]
    n_bursts = 2 * (n_rounds + warm_up)
    halves = [_half(bench, recipe, n_steps) for recipe in recipes]
    built, failures = _build(bench, recipes, halves, n_steps=n_steps, n_bursts=n_bursts, rng=rng)
    rounds: list[tuple[Any, ...]] = []
    for phase in ("start", "middle")[: 1 + request["middle"]]:
        if phase == "middle":
            for (place, side), training in built.items():
                for _ in range(halves[place * side] - n_bursts):
                    next(training, None)
        places = sorted({place for place, _ in built})
        pairs = {str(place): (built[place, 0], built[place, 1]) for place in places}
        # A collection would fall into one side of a round.
        gc.collect()
        gc.disable()
        timed = time_rounds(pairs, n_rounds=n_rounds, warm_up=warm_up, rng=rng)
        gc.enable()
        rounds += [(phase, *astuple(one)) for one in timed]
    return {"n_steps": n_steps, "rounds": rounds, "failures": failures}


def _half(bench: Bench, recipe: NetworkRecipe, n_steps: int) -> int:
    """Return after how many bursts a recipe's training is half over."""
    images = len(bench.dataset.x) * (1 - recipe.validation_fraction)
    steps = recipe.epochs * images / recipe.batch_size
    return math.ceil(steps / 2 / n_steps)


def _build(
    bench: Bench,
    recipes: list[NetworkRecipe],
    halves: list[int],
    *,
    n_steps: int,
    n_bursts: int,
    rng: np.random.Generator,
) -> tuple[dict[Side, Training], list[tuple[int, str]]]:
    """Return each recipe beside a baseline of its own, by place and side, and what failed."""
    # Whoever is built first gets the better memory: that is left to chance. The first burst is
    # taken here, since a training allocates and calls a user's code only then.
    sides = [(place, side) for place in range(1, len(recipes)) for side in (0, 1)]
    built: dict[Side, Training] = {}
    failures: dict[int, str] = {}
    for place, side in (sides[i] for i in rng.permutation(len(sides))):
        which = place * side
        # Long enough for the schedule to be half over where the second phase stands.
        length = 1 + 2 * max(halves[which], n_bursts) + 2 * n_bursts
        try:
            training = bench.training(recipes[which], n_steps=n_steps, n_bursts=length)
            next(training, None)
        except Exception as error:
            failures[which] = _reason(error)
        else:
            built[place, side] = _until_it_fails(training)
    lost = {place for place in range(1, len(recipes)) if place in failures or 0 in failures}
    kept = {key: training for key, training in built.items() if key[0] not in lost}
    return kept, sorted(failures.items())


def _until_it_fails(training: Training) -> Training:
    """Yield what a training yields; one that raises ends, as one that diverges does."""
    with contextlib.suppress(Exception):
        yield from training


def _reason(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


if __name__ == "__main__":
    print(json.dumps(answer(json.load(sys.stdin))))
