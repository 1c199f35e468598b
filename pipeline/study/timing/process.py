"""What a fresh process does: read a request, time its rounds, write them.

Run as `python -m pipeline.study.timing.process`, JSON in and JSON out. It imports NumPy, the
engine and little else: what is not imported cannot disturb.
"""

from __future__ import annotations

import gc
import json
import sys
from dataclasses import astuple
from typing import Any

import numpy as np

from data_loaders.load import load_content
from experiments.design.recipe_reader import recipe_from
from experiments.network.network_recipe import NetworkRecipe
from experiments.network.step_timing import Bench, time_rounds

WARM_UP_ROUNDS = 2


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Time the recipes of a request.

    Parameters
    ----------
    request : dict
        `dataset`, `content_hash`, `seed`, `process` (number), `recipes` (the baseline first; of
        each the import path of its class, and its fields as plain values), `rounds` and `burst_s`
        (CPU seconds of the baseline's bursts).

    Returns
    -------
    dict
        `n_steps` per burst and `rounds`: for each `Round` its values, the variant being the
        place of its recipe in the request.
    """
    bench = Bench(
        load_content(request["dataset"], request["content_hash"]),
        request["seed"],
        request["process"],
    )
    read = (recipe_from(path, fields) for path, fields in request["recipes"])
    recipes = [recipe for recipe in read if isinstance(recipe, NetworkRecipe)]
    n_steps = bench.steps_in(request["burst_s"], recipes[0])
    n_bursts = 2 * (request["rounds"] + WARM_UP_ROUNDS)
    rng = np.random.default_rng([request["seed"], request["process"]])
    # Each recipe beside a baseline of its own: (place of the pair, side).
    sides = [(place, side) for place in range(1, len(recipes)) for side in (0, 1)]
    # Whoever is built first gets the better memory: leave that to chance, too.
    built = {
        sides[i]: bench.training(
            recipes[sides[i][0] * sides[i][1]], n_steps=n_steps, n_bursts=n_bursts
        )
        for i in rng.permutation(len(sides))
    }
    # A collection would fall into one side of a round.
    gc.collect()
    gc.disable()
    timed = time_rounds(
        {str(place): (built[place, 0], built[place, 1]) for place in range(1, len(recipes))},
        n_rounds=request["rounds"],
        warm_up=WARM_UP_ROUNDS,
        rng=rng,
    )
    gc.enable()
    return {"n_steps": n_steps, "rounds": [astuple(one) for one in timed]}


if __name__ == "__main__":
    print(json.dumps(answer(json.load(sys.stdin))))
