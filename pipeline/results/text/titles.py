"""What a component's level is called in tables, figures and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from experiments.design.factors import Factor

OFF = {"off", "none", "no", "false", "0", "0.0", "()", "[]", ""}

_DATASETS = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST", "digits": "digits"}
_FACTORS = {"l1": "L1", "l2": "L2", "max_norm": "max-norm", "average": "weight averaging"}


def dataset_title(name: str) -> str:
    """Return a dataset's name as its authors write it."""
    return _DATASETS.get(name, name)


def factor_title(name: str) -> str:
    """Return a factor's name in words.

    Examples
    --------
    >>> factor_title("l2"), factor_title("batch_norm")
    ('L2', 'batch norm')
    """
    return _FACTORS.get(name, name.replace("_", " "))


def component_title(factor: Factor, level: str) -> str:
    """Return the name of a component's level against the null level.

    Examples
    --------
    >>> from experiments.design.factors import Level
    >>> on_off = Factor("l2", (Level("off", {}), Level("on", {})), "on")
    >>> component_title(on_off, "on")
    'L2'
    >>> component_title(Factor("optimizer", (Level("sgd", {}), Level("adam", {})), "adam"), "adam")
    'adam vs sgd'
    """
    name = factor_title(factor.name)
    if factor.null.lower() not in OFF:
        return f"{level} vs {factor.null}"
    return name if len(factor.levels) == 2 else f"{name} {level}"


def levels_in_words(factors: Sequence[Factor], levels: Mapping[str, str]) -> str:
    """Return a combination of levels in words, every factor named."""
    return ", ".join(f"{factor_title(f.name)} {levels[f.name]}" for f in factors)
