"""The comparison table: every cell beside the baseline, wide and long."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from experiments.design.factors import Factor
from pipeline.results.tables.column import Column, Row
from pipeline.results.tables.counts import n_and_lost
from pipeline.results.text.rounding import difference, p_value, percent, probability, ratio, seconds
from pipeline.results.text.titles import dataset_title

_MEASURES = {
    "accuracy": ("mean_accuracy", "mean_ci_low", "mean_ci_high"),
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


def in_order(cells: pd.DataFrame) -> pd.DataFrame:
    """Sort by dataset (as they come), then by difference, the best first, unknown ones last."""
    order = {name: i for i, name in enumerate(dict.fromkeys(cells["dataset"]))}
    effect = cells["difference_pp"].where(~cells["is_baseline"].eq(True), 0.0).fillna(-math.inf)
    # Cells with as many errors differ in the last bit of their sums: no reader should see that.
    keyed = cells.assign(
        _dataset=cells["dataset"].map(order), _effect=-effect.astype(float).round(9)
    )
    ordered = keyed.sort_values(["_dataset", "_effect", "arm", "cell"], kind="stable")
    return ordered.drop(columns=["_dataset", "_effect"]).reset_index(drop=True)


def comparison_columns(factors: Sequence[Factor]) -> list[Column]:
    """Return the columns of the comparison, one row per dataset × cell.

    Numbers are rounded to what their interval supports; the baseline says so in its verdict.
    """
    return [
        Column("dataset", lambda row: dataset_title(row["dataset"])),
        Column("cell", _marked),
        *(Column(f.name, lambda row, name=f.name: str(row[name])) for f in factors),  # type: ignore[misc]
        *MEASURED,
        Column("verdict", lambda row: row["verdict"], term="verdict"),
    ]


def _marked(row: Row) -> str:
    cell = str(row["cell"])
    return f"{cell} (baseline)" if row["is_baseline"] and cell != "baseline" else cell


def _ends(row: Row, name: str, low: str, high: str) -> tuple[float, float, float]:
    return row[name], row[low], row[high]


MEASURED = (
    Column("n", n_and_lost, "n", "n"),
    Column(
        "accuracy (%)",
        lambda row: percent(*_ends(row, *_MEASURES["accuracy"])),
        "mean_accuracy",
        "interval",
    ),
    Column(
        "difference (pp)",
        lambda row: difference(*_ends(row, *_MEASURES["difference_pp"])),
        "difference_pp",
        "interval",
    ),
    Column(
        "P(better)",
        lambda row: probability(*_ends(row, *_MEASURES["p_better"])),
        "p_better",
        "P(better)",
    ),
    Column("adjusted p", lambda row: p_value(row["p_adjusted"]), "p_adjusted", "Holm"),
    Column(
        "rank",
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


def long(cells: pd.DataFrame) -> pd.DataFrame:
    """Return one row per dataset × cell × measure: `value, ci_low, ci_high`, NaN where none."""
    rows = []
    for row in in_order(cells).to_dict("records"):
        for measure, columns in _MEASURES.items():
            values = [row[c] for c in columns] + [math.nan] * (3 - len(columns))
            side = [row[name] for name in ("dataset", "cell", "arm", "n")]
            rows.append((*side, measure, *values))
    return pd.DataFrame(rows, columns=_LONG)
