"""The recipes whose training steps are timed: every level of every factor alone, and controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from experiments.design.designs import cell_name
from experiments.design.plan import arm_label, study_cells
from experiments.design.study import Study
from experiments.run.recipe import Recipe

CONTROL = "A/A control"
TOGETHER = "all components together"


@dataclass(frozen=True)
class StepArm:
    """A recipe that is timed against the baseline, and what it is called.

    `component` is a factor's name, `CONTROL` or `TOGETHER`.
    """

    component: str
    level: str
    recipe: Recipe


def step_arms(
    study: Study, dataset: str, learning_rates: Mapping[str, float]
) -> tuple[Recipe, list[StepArm]]:
    """Return the baseline's recipe and those that are timed against it.

    Parameters
    ----------
    study : Study
        What is varied.
    dataset : str
        One of its datasets.
    learning_rates : mapping of str to float
        The tuned learning rate of each tuning arm; an arm without one takes the optimizer's
        default.

    Returns
    -------
    tuple
        The arms are every non-null level of every factor, the baseline once more (what it seems
        to cost is the error of the measurement), and, with two factors or more, the cell with
        every factor at its alternative: its cost tells how far the sum of what each adds alone
        can be believed. That cell is left out when the design has no such cell.
    """

    def recipe(levels: Mapping[str, str]) -> Recipe:
        made = study.recipe(dataset, levels)
        if made.learning_rate is not None:
            return made
        default = float(made.optimizer.target.default_learning_rate)
        rate = learning_rates.get(arm_label(study, levels), default)
        return made.with_fields({"learning_rate": rate})

    baseline = study.baseline
    arms = [
        StepArm(factor.name, label, recipe({**baseline, factor.name: label}))
        for factor in study.factors
        for label in factor.labels[1:]
    ]
    arms.append(StepArm(CONTROL, "baseline", recipe(baseline)))
    together = {factor.name: factor.alternative for factor in study.factors}
    if len(study.factors) > 1 and together in study_cells(study):
        arms.append(StepArm(TOGETHER, cell_name(study.factors, together), recipe(together)))
    return recipe(baseline), arms
