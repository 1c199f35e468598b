"""How far the whole study is, and how long it will take."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise

from experiments.plan import study_cells
from experiments.recipe import Recipe
from experiments.result import RunResult
from experiments.run_spec import RunSpec
from experiments.study import Study
from experiments.tuning import tuning_plan
from pipeline.dataset_card import DatasetCard


def work(recipe: Recipe, card: DatasetCard) -> float:
    """Return the multiplications of a run's training, the unit of progress."""
    widths = [math.prod(card.image_shape), *recipe.hidden, len(card.class_names)]
    products = sum(a * b for a, b in pairwise(widths))
    # A step costs something whatever its size: small networks are bound by calls.
    steps = card.n_train / recipe.batch_size
    return recipe.epochs * (card.n_train * products + steps * 2e6)


def study_work(study: Study, cards: Iterable[DatasetCard]) -> float:
    """Return the work of the whole study: tuning, every cell and the placebo arm."""
    total = 0.0
    for card in cards:
        if not card.usable:
            continue
        name = card.name
        total += sum(work(t.spec.recipe, card) for t in tuning_plan(study, name, ""))
        arms = [*study_cells(study), study.baseline]
        total += study.replicates * sum(work(study.recipe(name, arm), card) for arm in arms)
    return total


def with_progress(
    results: Iterable[RunResult],
    specs: list[RunSpec],
    card: DatasetCard,
    *,
    label: str,
    total: float,
    done: float,
) -> Iterator[RunResult]:
    """Pass results through and show a bar over the whole study with its remaining time."""
    from tqdm import tqdm

    share = {spec.run_key: work(spec.recipe, card) for spec in specs}
    bar = tqdm(
        total=total,
        initial=done,
        desc=label,
        bar_format="{desc} {percentage:3.0f}% of the study |{bar}| {remaining} left{postfix}",
        file=sys.stderr,
        mininterval=1,
        disable=not specs,
    )
    with bar:
        for number, result in enumerate(results, start=1):
            bar.set_postfix_str(f"run {number}/{len(specs)}", refresh=False)
            bar.update(share[result.run_key])
            yield result
