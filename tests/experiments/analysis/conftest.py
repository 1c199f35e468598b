"""Synthetic run tables with known effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.design.factors import Factor, Level
from experiments.design.study import Study
from experiments.response.response import built_in

_OPTIMIZERS = ("sgd", "momentum", "rmsprop", "adam")


def study_of(factors: Sequence[Factor], runs: pd.DataFrame, **fields: Any) -> Study:
    """Return the study of a run table, judged by accuracy at one look unless it says otherwise."""
    datasets = tuple(dict.fromkeys(runs["dataset"])) or ("mnist",)
    usual = {"datasets": datasets, "recipes": {}, "looks": dict.fromkeys(datasets, (5,))}
    usual["responses"] = {"test_accuracy": built_in("accuracy")}
    return Study(factors=tuple(factors), **(usual | fields))


def _factor(name: str, labels: Sequence[str]) -> Factor:
    return Factor(name, tuple(Level(label, {}) for label in labels), labels[-1])


@pytest.fixture
def factors() -> tuple[Factor, ...]:
    return (
        _factor("optimizer", _OPTIMIZERS),
        *(_factor(name, ("off", "on")) for name in ("l2", "dropout", "augmentation")),
    )


@pytest.fixture
def switches() -> tuple[Factor, ...]:
    return tuple(_factor(name, ("off", "on")) for name in "abc")


@pytest.fixture
def two_level() -> Callable[[int], tuple[Factor, ...]]:
    return lambda n: tuple(_factor(f"f{i}", ("off", "on")) for i in range(n))


def _run_table(
    factors: Sequence[Factor],
    effects: Mapping[str, float] | None = None,
    *,
    replicates: int = 5,
    sd: float = 0.001,
    datasets: Sequence[str] = ("mnist",),
    seed: int = 0,
    placebo: bool = True,
) -> pd.DataFrame:
    """A full factorial; `effects` maps "l2:on" or "l2:on l2:dropout"-like labels to fractions."""
    rng = np.random.default_rng(seed)
    rows = []
    grid = list(product(*(factor.labels for factor in factors)))
    arms = [(labels, "cell") for labels in grid] + [(grid[0], "placebo")] * placebo
    for dataset, replicate, (labels, arm) in product(datasets, range(replicates), arms):
        present = {f"{f.name}:{label}" for f, label in zip(factors, labels, strict=True)}
        shift = sum(v for k, v in (effects or {}).items() if set(k.split()) <= present)
        names = [x if x != "on" else f.name for f, x in zip(factors, labels, strict=True)]
        rows.append(
            {
                "run_key": f"{dataset}-{arm}-{'-'.join(labels)}-{replicate}",
                "dataset": dataset,
                "cell": "placebo" if arm == "placebo" else "+".join(n for n in names if n != "off"),
                **{f.name: label for f, label in zip(factors, labels, strict=True)},
                "arm": arm,
                "replicate": replicate,
                "status": "ok",
                "test_accuracy": 0.9 + shift + sd * rng.standard_normal(),
                "val_accuracy": 0.9 + shift,
                "fit_cpu_s": (2.0 if "dropout:on" in present else 1.0) * rng.uniform(0.99, 1.01),
                "fit_wall_s": 2.0,
            }
        )
    return pd.DataFrame(rows)


@pytest.fixture
def run_table() -> Callable[..., pd.DataFrame]:
    return _run_table
