"""The first screen: a verdict for every component and dataset, and what conditions them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from experiments.analysis.ledger import winners
from experiments.design.study import Study
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.sureness import lost_runs, placebo_acts
from pipeline.results.tables.costs import step_rows
from pipeline.results.text.estimates import EFFECT, Row, numbers_of
from pipeline.results.text.rounding import decimals, ratio, signed
from pipeline.results.text.titles import component_title, dataset_title
from pipeline.results.text.words import capitalized, counted, listed
from pipeline.study.planning.design_lines import not_tuned_apart

# Two trials of six lie at an end: by chance alone it is not rare.
_OFTEN = 0.3
Square = dict[str, str]


def _compared(study: Study) -> dict[tuple[str, str, str], str]:
    """Return the title of every component and contrast, by factor, level and null level."""
    factors = {factor.name: factor for factor in study.factors}
    every = [(f.name, label, f.null) for f in study.factors for label in f.labels[1:]]
    return {
        (name, level, against): component_title(factors[name], level, against)
        for name, level, against in (*every, *study.asked)
    }


def _key(row: Row) -> tuple[str, str, str]:
    return row["component"], row["level"], row["null_level"]


def anchor(results: StudyResults, row: Row) -> str:
    """Return the place in the page of the sentence on a row of the effects: `digits-c3`."""
    return f"{row['dataset']}-c{list(_compared(results.study)).index(_key(row))}"


def matrix(results: StudyResults, tables: Tables) -> list[tuple[str, list[Square | None]]]:
    """Return a row for each component and contrast: its name, its square on every dataset."""
    rows = tables["effects"].to_dict("records")
    squares = {(row["dataset"], _key(row)): _square(results, row) for row in rows}
    return [
        (title, [squares.get((name, key)) for name in results.measured])
        for key, title in _compared(results.study).items()
    ]


def _square(results: StudyResults, row: Row) -> Square:
    value, *ends = numbers_of(row, EFFECT)
    cost = row["step_ratio"] if math.isfinite(row["step_ratio"]) else row["time_ratio"]
    return {
        "verdict": row["verdict"],
        "effect": signed(value, decimals(*ends)),
        "cost": ratio(cost),
        "interval": f"{results.measure.change(value, *ends)}, n = {row['n']}",
        # Leads to the sentence and its runs.
        "anchor": anchor(results, row),
    }


def caveats(results: StudyResults, tables: Tables) -> list[tuple[str, str]]:
    """Return what a reader must know before believing a verdict: a sentence, and where to read on.

    Datasets that are unavailable, runs that were lost, a placebo that acts, timing that was
    disturbed or whose control misses, and tuning that ended at the edge of its range.
    """
    absent = [dataset_title(card.name) for card in results.unavailable]
    found = [f"{title} is not part of this report: it is unavailable." for title in absent]
    if (lost := lost_runs(tables)) and results.measured:
        found.append(f"Some planned runs have no result: {listed(lost)}.")
    doubts = _doubts(results, tables)
    return [*((text, "runs") for text in found), *((text, "method") for text in doubts)]


def _doubts(results: StudyResults, tables: Tables) -> Iterator[str]:
    if placebo_acts(tables["cells"]):
        yield "The placebo seems to act: the comparisons cannot be trusted as they stand."
    replicates = tables["effects"]["n"].min() if len(tables["effects"]) else 0
    if 0 < replicates < 3:
        yield f"Effects rest on {counted(int(replicates), 'replicate')}: too few to be sure."
    yield from map(capitalized, not_tuned_apart(results.study))
    timed = {dataset_title(name): step_rows(results, name) for name in results.measured}
    disturbed = [title for title, rows in timed.items() if rows["disturbed"].any()]
    missed = [title for title, rows in timed.items() if not rows["covers"].all()]
    if disturbed:
        yield f"Other programs disturbed the timing on {listed(disturbed)}: costs are rough."
    if missed:
        yield f"The A/A control misses 1.00 on {listed(missed)}: small costs mean little."
    if edges := _edges(results):
        yield f"Often chosen at the edge of its range, in this share of blocks: {listed(edges)}."


def _edges(results: StudyResults) -> list[str]:
    """Name what is often chosen at the edge of its range: the lower end of a strength is "off"."""
    named = []
    for row in winners(results.tuning).to_dict("records"):
        rate = row["field"] == "learning_rate"
        edge = max(row["at_low_edge"] if rate else 0.0, row["at_high_edge"])
        if edge > _OFTEN:
            where = f"{row['arm']} on {dataset_title(row['dataset'])}"
            named.append(f"{row['field'].replace('_', ' ')} of {where} ({100 * edge:.0f} %)")
    return named
