"""What a component's level is called in tables, figures and sentences."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.design.factors import Factor
from experiments.design.known_datasets import known_dataset

OFF = {"off", "none", "no", "false", "0", "0.0", "()", "[]", ""}

_FACTORS = {"l1": "L1", "l2": "L2", "max_norm": "max-norm", "average": "weight averaging"}
# Its levels are known by their names alone: "adam vs sgd".
_SPEAKS_FOR_ITSELF = "optimizer"


def dataset_title(name: str) -> str:
    """Return a dataset's name as its authors write it."""
    return known_dataset(name).title


def factor_title(name: str) -> str:
    """Return a factor's name in words.

    Examples
    --------
    >>> factor_title("l2"), factor_title("batch_norm")
    ('L2', 'batch norm')
    """
    return _FACTORS.get(name, name.replace("_", " "))


def component_title(factor: Factor, level: str, against: str = "") -> str:
    """Return the name of a component's level against another, by default the null level.

    "L2", "augmentation noise", "adam vs sgd", "batch size 128 vs 32".
    """
    name, against = factor_title(factor.name), against or factor.null
    if against == factor.null and against.lower() in OFF:
        return name if len(factor.levels) == 2 else f"{name} {level}"
    pair = f"{level} vs {against}"
    return pair if factor.name == _SPEAKS_FOR_ITSELF else f"{name} {pair}"


def turning_titles(factors: Sequence[Factor], depends_on: str) -> list[str]:
    """Return the names of the components that a verdict depends on.

    The analysis writes it as "component: level; component: level".
    """
    named = {
        f"{factor.name}: {label}": component_title(factor, label).partition(" vs ")[0]
        for factor in factors
        for label in factor.labels
    }
    return [named[part] for part in depends_on.split("; ")]
