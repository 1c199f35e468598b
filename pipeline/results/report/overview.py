"""The first screen: a verdict for every component and dataset, and what conditions them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from pipeline.results.answer import placebo_acts
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import Tables
from pipeline.results.tables.step_rows import step_rows
from pipeline.results.text.rounding import decimals, ratio, signed
from pipeline.results.text.titles import component_title, dataset_title
from pipeline.results.text.words import capitalized, counted, listed


@dataclass(frozen=True)
class Square:
    """A component's verdict on one dataset; `anchor` leads to the sentence and its runs."""

    verdict: str
    effect: str
    cost: str
    interval: str
    anchor: str


def anchor(results: StudyResults, dataset: str, component: str, level: str) -> str:
    """Return the place in the page of the sentence on a component: `digits-c3`."""
    levels = [(f.name, label) for f in results.study.factors for label in f.labels[1:]]
    return f"{dataset}-c{levels.index((component, level))}"


def matrix(results: StudyResults, tables: Tables) -> list[tuple[str, list[Square | None]]]:
    """Return a row for each component: its name, and its square on every measured dataset."""
    rows = tables["effects"].to_dict("records")
    squares = {(row["dataset"], row["component"], str(row["level"])): row for row in rows}
    return [
        (
            component_title(factor, label),
            [
                _square(results, squares.get((name, factor.name, label)))
                for name in results.measured
            ],
        )
        for factor in results.study.factors
        for label in factor.labels[1:]
    ]


def _square(results: StudyResults, row: dict[Any, Any] | None) -> Square | None:
    if row is None:
        return None
    ends = (row["ci_low_pp"], row["ci_high_pp"])
    cost = row["step_ratio"] if math.isfinite(row["step_ratio"]) else row["time_ratio"]
    return Square(
        row["verdict"],
        signed(row["effect_pp"], decimals(*ends)),
        ratio(cost),
        f"{results.measure.change(row['effect_pp'], *ends)}, n = {row['n']}",
        anchor(results, row["dataset"], row["component"], str(row["level"])),
    )


def caveats(results: StudyResults, tables: Tables) -> list[tuple[str, str]]:
    """Return what a reader must know before believing a verdict: a sentence, and where to read on.

    Datasets that are unavailable, runs that were lost, a placebo that acts, timing that was
    disturbed or whose control misses, and tuning that ended at the edge of its range.
    """
    found = [
        (f"{dataset_title(card.name)} is not part of this report: it is unavailable.", "runs")
        for card in results.unavailable
    ]
    total = tables["counts"][["diverged", "failed", "missing"]].sum()
    lost = [f"{total[kind]} {kind}" for kind in total.index if total[kind]]
    if lost and results.measured:
        found.append((f"Some planned runs have no result: {listed(lost)}.", "runs"))
    if placebo_acts(tables["cells"]):
        text = "The placebo seems to act: the comparisons cannot be trusted as they stand."
        found.append((text, "method"))
    replicates = tables["effects"]["n"].min() if len(tables["effects"]) else 0
    if 0 < replicates < 3:
        text = f"Effects rest on {counted(int(replicates), 'replicate')}: too few to be sure."
        found.append((text, "method"))
    return found + _timing(results) + _edges(results)


def _timing(results: StudyResults) -> list[tuple[str, str]]:
    disturbed, missed = [], []
    for name in results.measured:
        rows = step_rows(results, name)
        control = rows[rows["kind"] == "control"]
        if rows["disturbed"].any():
            disturbed.append(dataset_title(name))
        if len(control) and not ((control["ci_low"] <= 1) & (control["ci_high"] >= 1)).all():
            missed.append(dataset_title(name))
    found = []
    if disturbed:
        text = f"Other programs disturbed the timing on {listed(disturbed)}: costs are rough."
        found.append((text, "method"))
    if missed:
        text = f"The A/A control misses 1.00 on {listed(missed)}: small costs mean little."
        found.append((text, "method"))
    return found


def _edges(results: StudyResults) -> list[tuple[str, str]]:
    """Name the arms whose best learning rate is the lowest or highest that was tried."""
    named = []
    for (dataset, arm), rows in results.tuning.groupby(["dataset", "arm"], sort=False):
        best = rows.loc[rows["chosen"].eq(True), "learning_rate"]
        edges = (rows["learning_rate"].min(), rows["learning_rate"].max())
        if best.isin(edges).any():
            # One arm stands for all recipes, and needs no name.
            who = f"{arm} on " if results.study.tune.per else ""
            named.append(f"{who}{dataset_title(str(dataset))}")
    if not named:
        return []
    where = "the edge of its range" if len(named) == 1 else "the edge of their ranges"
    of = "of" if results.study.tune.per else "on"
    text = f"the learning rate {of} {listed(named)} was chosen at {where}"
    return [(capitalized(text), "method")]
