"""Stage `time`: what a training step costs with each component, relative to the baseline."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from experiments.analysis.step_cost import COLUMNS, step_costs
from experiments.design.plan import modules_of
from experiments.design.step_arms import NO_STEPS, StepArm, has_steps, step_arms
from experiments.network.network_recipe import NetworkRecipe
from experiments.source.digest import source_digest
from pipeline import atomic
from pipeline.study.dataset_card import DatasetCard, read_card
from pipeline.study.environment import environment
from pipeline.study.executors.threads import pin_threads
from pipeline.study.plans import learning_rates
from pipeline.study.project import Project
from pipeline.study.store.lock import store_lock
from pipeline.study.timing.measure import measure


def run(project: Project, dataset: str) -> Path:
    """Measure step costs and write results/<dataset>/step_cost.csv.

    Nothing is measured, and the table is empty, without the dataset, with `time.processes` 0, or
    where what is trained has no steps.
    An undisturbed measurement of the same recipes, source and machine is kept. The store's lock
    is held meanwhile: no run of this project trains beside a measurement.
    """
    folder = project.results(dataset)
    out, card = folder / "step_cost.csv", read_card(folder / "dataset.json")
    steps = has_steps(project.study)
    if not steps:
        print(f"{dataset}: no step costs; {NO_STEPS}", file=sys.stderr)
    if not card.usable or not project.timing.processes or not steps:
        atomic.write_text(out, pd.DataFrame(columns=[*COLUMNS, "key"]).to_csv(index=False))
        return out
    pin_threads()
    baseline, arms = _arms(project, card)
    key = _key(project, card, [baseline, *(arm.recipe for arm in arms)])
    if _kept(out, key):
        return out
    with store_lock(project.store.root):
        rounds = measure(card, baseline, arms, project.timing, seed=project.study.seed)
    costs = step_costs(rounds, confidence=1 - project.study.alpha).assign(key=key)
    atomic.write_text(out, costs.to_csv(index=False))
    for line in _lines(dataset, costs):
        print(line, file=sys.stderr)
    return out


def _arms(project: Project, card: DatasetCard) -> tuple[NetworkRecipe, list[StepArm]]:
    return step_arms(project.study, card.name, learning_rates(project, card.name))


def is_measured(project: Project, card: DatasetCard) -> bool:
    """Return whether the stage would keep the measurement that there is."""
    pin_threads()
    baseline, arms = _arms(project, card)
    key = _key(project, card, [baseline, *(arm.recipe for arm in arms)])
    return _kept(project.results(card.name) / "step_cost.csv", key)


def _key(project: Project, card: DatasetCard, recipes: Sequence[NetworkRecipe]) -> str:
    """Return a hash of everything that a step's cost depends on and that can be known."""
    used = sorted({module for recipe in recipes for module in modules_of(recipe)})
    parts = {
        "recipes": [recipe.as_dict() for recipe in recipes],
        "content_hash": card.content_hash,
        "source": source_digest([*used, "experiments.network.step_timing"]),
        "protocol": asdict(project.timing),
        "alpha": project.study.alpha,
        "environment": environment(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def _kept(out: Path, key: str) -> bool:
    if not out.exists():
        return False
    known = pd.read_csv(out)
    return len(known) > 0 and bool((known["key"] == key).all() and not known["disturbed"].any())


def _lines(dataset: str, costs: pd.DataFrame) -> list[str]:
    lines = [
        f"{dataset}: {row['component']} {row['level']} costs ×{row['ratio']:.3f} "
        f"[{row['ci_low']:.3f}, {row['ci_high']:.3f}] per step"
        for row in costs.to_dict("records")
    ]
    if costs["disturbed"].any():
        lines.append(
            f"{dataset}: the timing was disturbed (wall time up to "
            f"{costs['wall_over_cpu'].max():.2f} times CPU time). Close other programs and run "
            f"`knockout stage time {dataset}` again."
        )
    return lines
