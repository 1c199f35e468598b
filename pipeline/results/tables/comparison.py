"""The comparison table: every cell beside the baseline, wide and long."""

from __future__ import annotations

import math

import pandas as pd

from pipeline.results.study_results import StudyResults
from pipeline.results.tables.counts import lost_runs
from pipeline.results.text.rounding import difference, p_value, percent, probability, ratio, seconds
from pipeline.results.text.titles import dataset_title

NUMERIC = ("n", "accuracy (%)", "difference (pp)", "P(better)", "adjusted p", "rank",
           "CPU time per run", "cost per step", "time to target")  # fmt: skip
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


def in_order(cells: pd.DataFrame) -> pd.DataFrame:
    """Sort by dataset (as they come), then by difference, the best first, unknown ones last."""
    if cells.empty:
        return cells
    order = {name: i for i, name in enumerate(dict.fromkeys(cells["dataset"]))}
    effect = cells["difference_pp"].where(~cells["is_baseline"], 0.0).fillna(-math.inf)
    # Cells with as many errors differ in the last bit of their sums: no reader should see that.
    keyed = cells.assign(_dataset=cells["dataset"].map(order), _effect=-effect.round(9))
    ordered = keyed.sort_values(["_dataset", "_effect", "arm", "cell"], kind="stable")
    return ordered.drop(columns=["_dataset", "_effect"]).reset_index(drop=True)


def wide(cells: pd.DataFrame, results: StudyResults) -> pd.DataFrame:
    """Return the comparison as strings, one row per dataset × cell.

    Parameters
    ----------
    cells : DataFrame
        The cell table of `analyse`.
    results : StudyResults
        For the factors.

    Returns
    -------
    DataFrame
        Numbers rounded to what their interval supports; the baseline says so in its verdict.
    """
    rows = [_wide_row(row, results) for row in in_order(cells).to_dict("records")]
    names = [factor.name for factor in results.factors]
    return pd.DataFrame(rows, columns=["dataset", "cell", *names, *NUMERIC, "verdict"])


def _wide_row(row: dict, results: StudyResults) -> dict[str, str]:
    ends = (row["difference_pp"], row["difference_ci_low_pp"], row["difference_ci_high_pp"])
    better = (row["p_better"], row["p_better_low"], row["p_better_high"])
    return {
        "dataset": dataset_title(row["dataset"]),
        "cell": _marked(row),
        **{factor.name: str(row[factor.name]) for factor in results.factors},
        "n": f"{row['n']}{lost_runs(row)}",
        "accuracy (%)": percent(row["mean_accuracy"], row["mean_ci_low"], row["mean_ci_high"]),
        "difference (pp)": difference(*ends),
        "P(better)": probability(*better),
        "adjusted p": p_value(row["p_adjusted"]),
        "rank": f"{row['mean_rank']:.1f}" if math.isfinite(row["mean_rank"]) else "–",
        "CPU time per run": seconds(row["fit_cpu_s"]),
        "cost per step": "≈" * (row["step_cost_basis"] == "sum") + ratio(row["step_cost_ratio"]),
        "time to target": seconds(row["time_to_target_s"]),
        "verdict": row["verdict"],
    }


def _marked(row: dict) -> str:
    cell = str(row["cell"])
    return f"{cell} (baseline)" if row["is_baseline"] and cell != "baseline" else cell


def long(cells: pd.DataFrame) -> pd.DataFrame:
    """Return one row per dataset × cell × measure: `value, ci_low, ci_high`, NaN where none."""
    rows = []
    for row in in_order(cells).to_dict("records"):
        for measure, columns in _MEASURES.items():
            values = [row[c] for c in columns] + [math.nan] * (3 - len(columns))
            named = dict(zip(("value", "ci_low", "ci_high"), values, strict=True))
            side = {name: row[name] for name in ("dataset", "cell", "arm", "n")}
            rows.append({**side, "measure": measure, **named})
    return pd.DataFrame(rows, columns=["dataset", "cell", "arm", "n", "measure", "value",
                                       "ci_low", "ci_high"])  # fmt: skip
