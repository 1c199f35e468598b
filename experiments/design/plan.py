"""The plan: the ordered list of runs that a study consists of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from experiments.design.designs import PLACEBO, cell_name, cells
from experiments.design.study import Study
from experiments.run.recipe import Recipe
from experiments.run.run_spec import Arm, RunSpec
from experiments.source.digest import source_digest


def modules_of(recipe: Recipe) -> tuple[str, ...]:
    """Return the modules whose code, with all that it imports, decides what a run computes."""
    return ("experiments.run.execute", *recipe.entries)


def digest_of(recipe: Recipe) -> str:
    """Return the source digest of a run of this recipe."""
    return source_digest(modules_of(recipe))


def study_cells(study: Study) -> list[dict[str, str]]:
    """Return the cells of a study's design; the baseline is always one of them."""
    found = cells(study.design, study.factors, study.rules)
    return found if study.baseline in found else [study.baseline, *found]


def arm_label(study: Study, levels: Mapping[str, str]) -> str:
    """Return the label of the tuning arm that a cell belongs to."""
    return "+".join(levels[name] for name in study.tune.per) or "all"


def plan(
    study: Study, dataset: str, content_hash: str, learning_rates: Mapping[str, float]
) -> Iterator[RunSpec]:
    """Yield the evaluation runs of one dataset, block by block, the placebo arm among them.

    Parameters
    ----------
    study : Study
        The validated study.
    dataset : str
        One of its datasets.
    content_hash : str
        Hash of the dataset's decoded arrays.
    learning_rates : mapping of str to float
        The tuned value (a network's learning rate) of each tuning arm; the runs of an arm
        without one wait for it.
    """
    arms: list[tuple[Arm, str, dict[str, str]]] = [
        ("cell", cell_name(study.factors, levels), levels) for levels in study_cells(study)
    ]
    arms.append(("placebo", PLACEBO, study.baseline))
    tuned = []
    for arm, name, levels in arms:
        recipe = study.recipe(dataset, levels)
        rate = learning_rates.get(arm_label(study, levels))
        if recipe.waits_for_tuning and rate is not None:
            recipe = recipe.with_tuned(rate)
        tuned.append((arm, name, levels, recipe, digest_of(recipe)))
    for replicate in range(study.replicates):
        for arm, name, levels, recipe, digest in tuned:
            yield RunSpec(
                study=study.name,
                dataset=dataset,
                cell=name,
                arm=arm,
                levels=levels,
                recipe=recipe,
                replicate=replicate,
                seed=study.seed,
                content_hash=content_hash,
                source_digest=digest,
            )
