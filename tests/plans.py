"""Whole plans at learning rates that a tuning could have found."""

from collections.abc import Mapping

from experiments.design.plan import plan, whole_blocks
from experiments.design.study import Study
from experiments.run.run_spec import RunSpec

# By arm: the baseline's trains with sgd.
RATES = {"baseline": 0.1, "placebo": 0.1, "adam": 0.003}


def rates_of(rates: Mapping[str, float], n_blocks: int) -> dict[tuple[str, int], dict[str, float]]:
    """Return the choices of a tuning that found the same learning rates in each block."""
    return {
        (arm, block): {"learning_rate": rate}
        for arm, rate in rates.items()
        for block in range(n_blocks)
    }


def planned(
    study: Study,
    rates: Mapping[str, float] = RATES,
    *,
    dataset: str = "digits",
    content: str = "h",
) -> list[RunSpec]:
    """Return a study's whole plan at given learning rates, one for each arm in every block."""
    n_blocks = study.looks[dataset][-1]
    chosen = rates_of(rates, n_blocks)
    return list(plan(study, dataset, content, chosen, whole_blocks(study, n_blocks)))
