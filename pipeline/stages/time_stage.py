"""Stage `time`: what a training step costs with each component, relative to the baseline."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pandas as pd

from experiments.design.step_arms import NO_STEPS, has_steps, step_arms
from pipeline.study.dataset_card import DatasetCard, read_card, why_gone
from pipeline.study.machine import pin_threads
from pipeline.study.project import Project
from pipeline.study.timing.measure_steps import Shown, measure
from pipeline.study.timing.step_cost_file import (
    costs_of,
    is_measured,
    path_of,
    write_step_costs,
)


def run(project: Project, dataset: str, *, shown: Shown = iter) -> None:
    """Measure step costs and write results/<dataset>/step_cost.csv.

    Nothing is measured, and the table is empty, without the dataset, with `time.processes` 0, or
    where what is trained has no steps.
    An undisturbed measurement of the same recipes, source and machine is kept. The store's lock
    is held meanwhile: no run of this project trains beside a measurement.
    """
    card = read_card(project.results(dataset) / "dataset.json")
    protocol = project.settings.time
    steps = has_steps(project.study)
    if not steps:
        print(f"{dataset}: no step costs; {NO_STEPS}", file=sys.stderr)
    if not card.usable or not protocol.processes or not steps:
        write_step_costs(project, card, None)
        return
    if is_measured(project, card):
        return
    if reason := why_gone(card):
        print(f"{dataset}: no step costs are measured: {reason}", file=sys.stderr)
        if not path_of(project, dataset).exists():
            write_step_costs(project, card, None)
        return
    pin_threads()
    baseline, arms = step_arms(project.study, dataset)
    with project.store.lock():
        rounds, failures = measure(
            card, baseline, arms, protocol, seed=project.study.seed, shown=shown
        )
    costs = costs_of(rounds, confidence=1 - project.study.alpha) if len(rounds) else None
    write_step_costs(project, card, costs)
    for line in (*failures, *_lines(card, costs)):
        print(f"{dataset}: {line}", file=sys.stderr)


def _lines(card: DatasetCard, costs: pd.DataFrame | None) -> Iterator[str]:
    if costs is None:
        return
    for row in costs.to_dict("records"):
        yield (
            f"{row['component']} {row['level']} costs ×{row['ratio']:.3f} "
            f"[{row['ci_low']:.3f}, {row['ci_high']:.3f}] per step"
        )
        if row["drifts"]:
            yield (
                f"{row['component']} {row['level']} costs ×{row['ratio_middle']:.3f} in the middle "
                "of training"
            )
    if costs["disturbed"].any():
        yield (
            f"the timing was disturbed (wall time up to {costs['wall_over_cpu'].max():.2f} times "
            f"CPU time). Close other programs and run `knockout stage time {card.name}` again."
        )
