"""The recipes whose training steps are timed: every level of every factor alone, and controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from experiments.design.designs import cell_name
from experiments.design.study import Study
from experiments.network.network_recipe import NetworkRecipe

NO_STEPS = "its training has no steps that could be timed"
CONTROL = "A/A control"
TOGETHER = "all components together"


@dataclass(frozen=True)
class StepArm:
    """A recipe that is timed against the baseline, and what it is called.

    `component` is a factor's name, `CONTROL` or `TOGETHER`.
    """

    component: str
    level: str
    recipe: NetworkRecipe


def has_steps(study: Study) -> bool:
    """Return whether the study trains networks: other trainings have no step to be timed."""
    return all(isinstance(recipe, NetworkRecipe) for recipe in study.recipes.values())


def step_arms(study: Study, dataset: str) -> tuple[NetworkRecipe, list[StepArm]]:
    """Return the baseline's recipe and those that are timed against it.

    A step costs the same whatever is tuned: rates are the optimizers' usual ones, and strengths
    that have a range stand in its middle.

    Parameters
    ----------
    study : Study
        What is varied.
    dataset : str
        One of its datasets.

    Returns
    -------
    tuple
        The arms are every non-null level of every factor, the baseline once more (what it seems
        to cost is the error of the measurement), and, with two factors or more, the cell with
        every factor at its alternative: its cost tells how far the sum of what each adds alone
        can be believed. That cell is left out when the design has no such cell.
    """

    def recipe(levels: Mapping[str, str]) -> NetworkRecipe:
        made = study.recipe(dataset, levels)
        assert isinstance(made, NetworkRecipe)
        if not made.waits_for_tuning:
            return made
        return made.with_fields({"learning_rate": made.centre()})

    baseline = study.baseline
    arms = [
        StepArm(factor.name, label, recipe({**baseline, factor.name: label}))
        for factor in study.factors
        for label in factor.labels[1:]
    ]
    arms.append(StepArm(CONTROL, "baseline", recipe(baseline)))
    together = {factor.name: factor.alternative for factor in study.factors}
    if len(study.factors) > 1 and together in study.cells.values():
        arms.append(StepArm(TOGETHER, cell_name(study.factors, together), recipe(together)))
    return recipe(baseline), arms
