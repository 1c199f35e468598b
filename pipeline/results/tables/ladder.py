"""From the baseline over what helps to the best cell, one rung at a time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from experiments.analysis import best_cell
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.text.estimates import DIFFERENCE, MEAN, Row, numbers_of
from pipeline.results.text.measure import Measure
from pipeline.results.text.words import counted


def ladder(results: StudyResults, tables: Tables, dataset: str) -> list[dict[str, Any]]:
    """Return the rungs of a dataset: the baseline, each component that helps, the best cell.

    Components come in the order of their effects, of a factor the level with the largest one.
    A combination that the design lacks is left out. A rung's `step` says what was added:
    "baseline", "+ dropout", "best of all"; `mean` and `gain` over the baseline have their
    intervals; `height` is the place between worst and best, in [0, 1].
    """
    cells, effects, baseline = tables["cells"], tables["effects"], results.study.baseline
    cells = cells[(cells["dataset"] == dataset) & (cells["arm"] == "cell")]
    rows, sign = cells[cells["mean_accuracy"].notna()], results.measure.response.sign
    helping = effects[(effects["dataset"] == dataset) & (effects["verdict"] == "helps")]
    helping = helping[helping["null_level"] == helping["component"].map(baseline)]
    largest = helping.sort_values("effect_pp", key=abs, ascending=False, kind="stable")
    steps = [("baseline", baseline)]
    for row in largest.drop_duplicates("component").to_dict("records"):
        levels = {**steps[-1][1], row["component"]: row["level"]}
        steps.append((f"+ {row['title'].partition(' vs ')[0]}", levels))
    found: list[tuple[str, Row]] = []
    for step, levels in steps:
        part = rows[rows[list(levels)].astype(str).eq(pd.Series(levels)).all(axis=1)]
        found += [(step, row) for row in part.to_dict("records")]
    best = rows[rows["cell"] == best_cell(cells, sign=sign)].to_dict("records")
    if best and (not found or found[-1][1]["cell"] != best[0]["cell"]):
        found.append(("best of all", best[0]))
    means, measure = [sign * row["mean_accuracy"] for _, row in found], results.measure
    low = min(means, default=0.0)
    span = max(means, default=0.0) - low or 1.0
    return [
        {
            "step": step,
            "cell": row["cell"],
            "mean": measure.shown(*numbers_of(row, MEAN)),
            "gain": "" if row["is_baseline"] else _gain(row, measure, found[0][1]["n"]),
            "height": round((mean - low) / span, 3),
        }
        for (step, row), mean in zip(found, means, strict=True)
    ]


def _gain(row: Row, measure: Measure, n: int) -> str:
    """Return a cell's gain, and its blocks where they are not the `n` of the baseline's mean."""
    gain, blocks = measure.change(*numbers_of(row, DIFFERENCE)), int(row["n_pairs"])
    return gain if blocks == n else f"{gain} over {counted(blocks, 'block')}"
