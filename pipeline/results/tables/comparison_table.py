"""The comparison table: every cell beside the baseline, wide and long."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from pipeline.results.study_results import StudyResults
from pipeline.results.tables.column import DESCRIPTION, Column, Row
from pipeline.results.tables.counts import n_and_lost
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import difference, p_value, probability, ratio, seconds
from pipeline.results.text.titles import dataset_title

_MEAN = ("mean_accuracy", "mean_ci_low", "mean_ci_high")
_MEASURES = {
    "difference_pp": ("difference_pp", "difference_ci_low_pp", "difference_ci_high_pp"),
    "p_better": ("p_better", "p_better_low", "p_better_high"),
    "p_adjusted": ("p_adjusted",),
    "mean_rank": ("mean_rank",),
    "fit_cpu_s": ("fit_cpu_s",),
    "fit_wall_s": ("fit_wall_s",),
    "step_cost_ratio": ("step_cost_ratio",),
    "time_to_target_s": ("time_to_target_s",),
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
        Column("dataset", lambda row: dataset_title(row["dataset"])),
        Column("cell", _marked),
        *(_level(factor.name) for factor in results.study.factors),
        Column("n", n_and_lost, "n", "n"),
        Column(
            measure.head(measure.response.title),
            lambda row: measure.value(*(row[name] for name in _MEAN)),
            "mean_accuracy",
            "interval",
        ),
        Column(
            measure.head("difference", difference=True),
            lambda row: difference(*(row[name] for name in _MEASURES["difference_pp"])),
            "difference_pp",
            "interval",
        ),
        *(_secondary(further) for further in results.secondary),
        *_DESCRIBED,
        Column("verdict", lambda row: row["verdict"], term="verdict"),
    ]


def _marked(row: Row) -> str:
    cell = str(row["cell"])
    return f"{cell} (baseline)" if row["is_baseline"] and cell != "baseline" else cell


def _secondary(measure: Measure) -> Column:
    ends = (f"{measure.column}_low", f"{measure.column}_high")
    return Column(
        measure.head(measure.response.title) + DESCRIPTION,
        lambda row: measure.value(row[measure.column], *(row[name] for name in ends)),
        measure.column,
        "interval",
    )


def _level(name: str) -> Column:
    return Column(name, lambda row: str(row[name]))


_DESCRIBED = (
    Column(
        f"P(better){DESCRIPTION}",
        lambda row: probability(*(row[name] for name in _MEASURES["p_better"])),
        "p_better",
        "P(better)",
    ),
    Column("adjusted p", lambda row: p_value(row["p_adjusted"]), "p_adjusted", "Holm"),
    Column(
        f"rank{DESCRIPTION}",
        lambda row: f"{row['mean_rank']:.1f}" if math.isfinite(row["mean_rank"]) else "–",
        "mean_rank",
        "rank",
    ),
    Column("CPU time per run", lambda row: seconds(row["fit_cpu_s"]), "fit_cpu_s"),
    Column(
        "cost per step",
        lambda row: "≈" * (row["step_cost_basis"] == "sum") + ratio(row["step_cost_ratio"]),
        "step_cost_ratio",
        "cost per step",
    ),
    Column(
        "time to target",
        lambda row: seconds(row["time_to_target_s"]),
        "time_to_target_s",
        "time to target",
    ),
)


def written(cells: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Return the comparison as comparison.csv has it: the mean is called after its response."""
    names = {f"{word}_accuracy": f"{word}_{measure.response.name}" for word in ("mean", "sd")}
    return cells.rename(columns=names)


def long(cells: pd.DataFrame, measures: Sequence[Measure]) -> pd.DataFrame:
    """Return one row per dataset × cell × measure: `value, ci_low, ci_high`, NaN where none.

    Parameters
    ----------
    cells : DataFrame
        The cell table.
    measures : sequence of Measure
        The study's responses, the primary one first.
    """
    primary, *others = measures
    shown: dict[str, Sequence[str]] = {primary.response.name: _MEAN, **_MEASURES}
    shown |= {m.column: (m.column, f"{m.column}_low", f"{m.column}_high") for m in others}
    rows = []
    for row in cells.to_dict("records"):
        for measure, columns in shown.items():
            values = [row[c] for c in columns] + [math.nan] * (3 - len(columns))
            side = [row[name] for name in ("dataset", "cell", "arm", "n")]
            rows.append((*side, measure, *values))
    return pd.DataFrame(rows, columns=_LONG)
