"""Every cell beside the baseline: the comparison, wide and long, and the ladder to the best."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from experiments.analysis import best_cell
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.tables.shown import (
    DATASET,
    DESCRIPTION,
    VERDICT,
    Column,
    N,
    Shown,
    numbers,
    words,
)
from pipeline.results.text.estimates import DIFFERENCE, MEAN, Row, numbers_of
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import difference, p_value, probability, ratio, seconds, tenths
from pipeline.results.text.words import counted

_BETTER = ("p_better", "p_better_low", "p_better_high")
_ALONE = ("p_adjusted", "mean_rank", "fit_cpu_s", "fit_wall_s", "step_cost_ratio")
_LONG = ["dataset", "cell", "arm", "n", "measure", "value", "ci_low", "ci_high"]


def comparison(results: StudyResults, tables: Tables) -> Shown:
    """Return the comparison, one row per dataset × cell; the baseline says so in its verdict."""
    measure, shown = results.measure, [results.measure.response.title, "difference"]
    columns = [
        DATASET,
        Column("cell", _marked),
        *(words(factor.name, factor.name) for factor in results.study.factors),
        N,
        numbers(measure.head(shown[0]), measure.value, *MEAN, term="interval"),
        numbers(measure.head(shown[1], difference=True), difference, *DIFFERENCE, term="interval"),
        *(
            numbers(m.head(m.response.title) + DESCRIPTION, m.value, *_around(m), term="interval")
            for m in results.secondary
        ),
        numbers(f"P(better){DESCRIPTION}", probability, *_BETTER, term="P(better)"),
        numbers("adjusted p", p_value, "p_adjusted", term="Holm"),
        numbers(f"rank{DESCRIPTION}", tenths, "mean_rank", term="rank"),
        numbers("CPU time per run", seconds, "fit_cpu_s"),
        numbers(
            "cost per step",
            lambda cost, basis: "≈" * (basis == "sum") + ratio(cost),
            *("step_cost_ratio", "step_cost_basis"),
            term="cost per step",
        ),
        numbers("time to target", seconds, "time_to_target_s", term="time to target"),
        VERDICT,
    ]
    about = (
        f"Study {results.study.name}: every cell against the baseline of its dataset. Values are "
        f"means with {results.level} intervals (Student's t over replicates), differences are "
        "paired inside blocks, p is adjusted after Holm over the cells of a dataset, equivalence "
        f"is judged against margins ({results.margins}). P(better) is the probability that the "
        "cell beats the baseline in a block; the rank is the mean over blocks, 1 the best. ° A "
        "description, not corrected for many comparisons. Cost per step was measured separately "
        "for single components; ≈ marks the sum of what they add. Time to target is counted in "
        "epochs and put on the clock by the measured step cost."
    )
    rows = in_order(tables["cells"], sign=measure.response.sign)
    return Shown("cells", "Every cell beside the baseline", about, columns, rows)


def in_order(cells: pd.DataFrame, *, sign: int = 1) -> pd.DataFrame:
    """Sort by dataset (as they come), then by difference, the best first, unknown ones last."""
    effect = sign * cells["difference_pp"].where(~cells["is_baseline"].eq(True), 0.0)
    # Cells with as many errors differ in the last bit of their sums: no reader should see that.
    keyed = cells.assign(
        _dataset=pd.factorize(cells["dataset"])[0],
        _effect=-effect.fillna(-math.inf).astype(float).round(9),
    )
    ordered = keyed.sort_values(["_dataset", "_effect", "arm", "cell"], kind="stable")
    return ordered.drop(columns=["_dataset", "_effect"]).reset_index(drop=True)


def _marked(row: Row) -> str:
    cell = str(row["cell"])
    return f"{cell} (baseline)" if row["is_baseline"] and cell != "baseline" else cell


def _around(measure: Measure) -> tuple[str, str, str]:
    """Return the fields of a secondary response: its mean and the ends of its interval."""
    return measure.column, f"{measure.column}_low", f"{measure.column}_high"


def long(cells: pd.DataFrame, results: StudyResults) -> pd.DataFrame:
    """Return one row per dataset × cell × measure: `value, ci_low, ci_high`, NaN where none."""
    shown: dict[str, Sequence[str]] = {results.measure.response.name: MEAN}
    shown |= {"difference_pp": DIFFERENCE, "p_better": _BETTER}
    shown |= {name: (name,) for name in (*_ALONE, "time_to_target_s")}
    shown |= {measure.column: _around(measure) for measure in results.secondary}
    rows = []
    for row in cells.to_dict("records"):
        for measure, columns in shown.items():
            values = [row[c] for c in columns] + [math.nan] * (3 - len(columns))
            rows.append((*(row[name] for name in _LONG[:4]), measure, *values))
    return pd.DataFrame(rows, columns=_LONG)


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
