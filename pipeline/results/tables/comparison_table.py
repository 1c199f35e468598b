"""The comparison table: every cell beside the baseline, wide and long."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from pipeline.results.study_results import StudyResults
from pipeline.results.tables.column import DATASET, DESCRIPTION, VERDICT, Column, N, numbers, words
from pipeline.results.text.estimates import DIFFERENCE, MEAN, Row
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import difference, p_value, probability, ratio, seconds, tenths

_MEASURES = {
    "difference_pp": DIFFERENCE,
    "p_better": ("p_better", "p_better_low", "p_better_high"),
    **{name: (name,) for name in ("p_adjusted", "mean_rank", "fit_cpu_s", "fit_wall_s")},
    **{name: (name,) for name in ("step_cost_ratio", "time_to_target_s")},
}
_LONG = ["dataset", "cell", "arm", "n", "measure", "value", "ci_low", "ci_high"]


def in_order(cells: pd.DataFrame, *, sign: int = 1) -> pd.DataFrame:
    """Sort by dataset (as they come), then by difference, the best first, unknown ones last."""
    order = {name: i for i, name in enumerate(dict.fromkeys(cells["dataset"]))}
    effect = sign * cells["difference_pp"].where(~cells["is_baseline"].eq(True), 0.0)
    effect = effect.fillna(-math.inf)
    # Cells with as many errors differ in the last bit of their sums: no reader should see that.
    keyed = cells.assign(
        _dataset=cells["dataset"].map(order), _effect=-effect.astype(float).round(9)
    )
    ordered = keyed.sort_values(["_dataset", "_effect", "arm", "cell"], kind="stable")
    return ordered.drop(columns=["_dataset", "_effect"]).reset_index(drop=True)


def comparison_columns(results: StudyResults) -> list[Column]:
    """Return the columns of the comparison, one row per dataset × cell.

    Numbers are rounded to what their interval supports; the baseline says so in its verdict.
    """
    measure = results.measure
    return [
        DATASET,
        Column("cell", _marked),
        *(words(factor.name, factor.name) for factor in results.study.factors),
        N,
        numbers(measure.head(measure.response.title), measure.value, *MEAN, term="interval"),
        numbers(
            measure.head("difference", difference=True),
            difference,
            *DIFFERENCE,
            term="interval",
        ),
        *(
            numbers(m.head(m.response.title) + DESCRIPTION, m.value, *_around(m), term="interval")
            for m in results.secondary
        ),
        numbers(f"P(better){DESCRIPTION}", probability, *_MEASURES["p_better"], term="P(better)"),
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


def _marked(row: Row) -> str:
    cell = str(row["cell"])
    return f"{cell} (baseline)" if row["is_baseline"] and cell != "baseline" else cell


def _around(measure: Measure) -> tuple[str, str, str]:
    """Return the fields of a secondary response: its mean and the ends of its interval."""
    return measure.column, f"{measure.column}_low", f"{measure.column}_high"


def written(cells: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Return the comparison as comparison.csv has it: the mean is called after its response."""
    names = {f"{word}_accuracy": f"{word}_{measure.response.name}" for word in ("mean", "sd")}
    return cells.rename(columns=names)


def long(cells: pd.DataFrame, measures: Sequence[Measure]) -> pd.DataFrame:
    """Return one row per dataset × cell × measure: `value, ci_low, ci_high`, NaN where none.

    `measures` are the study's responses, the primary one first.
    """
    primary, *others = measures
    shown: dict[str, Sequence[str]] = {primary.response.name: MEAN, **_MEASURES}
    shown |= {measure.column: _around(measure) for measure in others}
    rows = []
    for row in cells.to_dict("records"):
        for measure, columns in shown.items():
            values = [row[c] for c in columns] + [math.nan] * (3 - len(columns))
            side = [row[name] for name in ("dataset", "cell", "arm", "n")]
            rows.append((*side, measure, *values))
    return pd.DataFrame(rows, columns=_LONG)
