"""results/<dataset>/step_cost.csv: what steps cost, of what and on what machine."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

import pandas as pd

from experiments.analysis.step_cost import COLUMNS, ROUND_COLUMNS, step_costs
from experiments.design.run_source import modules_of
from experiments.design.step_arms import step_arms
from experiments.source.digest import source_digest
from pipeline import atomic
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.machine import environment, pin_threads
from pipeline.study.project import Project

# A run's own steps: where these differ from the first ones, a run pays them.
_MIDDLE = ("ratio_middle", "baseline_us_middle", "us_middle", "n_processes_middle", "drifts")
# A change of the ratio by more than this between start and middle is said.
_DRIFT = 1.05
# The machine of a measurement, and a hash of all that it depends on.
_ORIGIN = ("cpu", "blas_kernels", "key")
# The columns that hold no numbers.
TEXT = ("component", "level", "interval", "note", *_ORIGIN)


def costs_of(rounds: pd.DataFrame, *, confidence: float) -> pd.DataFrame:
    """Return the step costs at the start of training, with those of its middle beside them.

    Parameters
    ----------
    rounds : DataFrame
        `ROUND_COLUMNS` and `phase`, "start" or "middle".
    confidence : float
        Coverage of the intervals at the start.

    Returns
    -------
    DataFrame
        The columns of `step_costs`, and those of the middle; `drifts` says that the ratio there
        differs from that at the start by more than 5 %.

    Notes
    -----
    Optimizers and penalties can change what a step costs while they train: numbers below
    float32's normal range, which arise in moving averages and shrinking weights, are computed
    with many times slower on some processors.
    """
    start, middle = (
        step_costs(rounds.loc[rounds["phase"] == name, list(ROUND_COLUMNS)], confidence=confidence)
        for name in ("start", "middle")
    )
    key, wanted = ["component", "level"], ["ratio", "baseline_us", "us", "n_processes"]
    beside = middle[[*key, *wanted]].rename(columns={name: f"{name}_middle" for name in wanted})
    costs = start.merge(beside, on=key, how="left", sort=False)
    apart = (costs["ratio_middle"] / costs["ratio"]).map(math.log).abs()
    return costs.assign(drifts=apart > math.log(_DRIFT))


def path_of(project: Project, dataset: str) -> Path:
    """Return where a dataset's step costs lie."""
    return project.results(dataset) / "step_cost.csv"


def write_step_costs(project: Project, card: DatasetCard, costs: pd.DataFrame | None) -> None:
    """Write what was just measured on this machine; without costs, an empty table."""
    if costs is None:
        costs = pd.DataFrame(columns=[*COLUMNS, *_MIDDLE, *_ORIGIN])
    else:
        machine = environment()
        origin = {name: machine[name] for name in _ORIGIN if name in machine}
        costs = costs.assign(**origin, key=_key(project, card))
    atomic.write_text(path_of(project, card.name), costs.to_csv(index=False))


def read_step_costs(path: Path) -> pd.DataFrame:
    """Read a dataset's step costs; a level called None, NA or 1 stays that text."""
    numbers = [name for name in (*COLUMNS, *_MIDDLE) if name not in TEXT]
    return pd.read_csv(
        path,
        dtype=dict.fromkeys(TEXT, str),
        keep_default_na=False,
        na_values={name: [""] for name in numbers},
        encoding="utf-8",
    )


def is_measured(project: Project, card: DatasetCard) -> bool:
    """Return whether an undisturbed measurement of the same on this machine is there."""
    path = path_of(project, card.name)
    if not path.exists():
        return False
    known = read_step_costs(path)
    if not len(known) or "key" not in known:
        return False
    return bool((known["key"] == _key(project, card)).all() and not known["disturbed"].any())


def _key(project: Project, card: DatasetCard) -> str:
    """Return a hash of everything that a step's cost depends on and that can be known."""
    pin_threads()
    baseline, arms = step_arms(project.study, card.name)
    recipes = [baseline, *(arm.recipe for arm in arms)]
    used = sorted({module for recipe in recipes for module in modules_of(recipe)})
    parts = {
        "recipes": [recipe.as_dict() for recipe in recipes],
        "content_hash": card.content_hash,
        "source": source_digest([*used, "experiments.network.step_timing"]),
        "protocol": project.settings.time.model_dump(),
        "alpha": project.study.alpha,
        "environment": environment(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]
