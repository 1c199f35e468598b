"""What components, cells and runs cost by the measured steps, and the time to target by them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from experiments.analysis.target_grid import TargetGrid, target_grids
from experiments.design.step_arms import TOGETHER
from pipeline.results.study_results import StudyResults
from pipeline.results.text.estimates import Row
from pipeline.results.text.titles import component_title

_CELL = ["dataset", "cell", "arm"]
_SIDE = ["dataset", "component", "level"]
_NAMES = {"ratio": "step_ratio", "ci_low": "step_low", "ci_high": "step_high"}
_NAMES |= {"disturbed": "step_disturbed"}
_KINDS = ("component", "together", "control")
StepRatios = dict[tuple[str, str, str], float]


def step_ratios(results: StudyResults) -> StepRatios:
    """Return the measured ratio of every (dataset, component, level)."""
    rows = results.step_cost
    keys = zip(*(rows[name].astype(str) for name in _SIDE), strict=True)
    return dict(zip(keys, rows["ratio"].astype(float), strict=True))


def summed(known: StepRatios, dataset: str, levels: Iterable[tuple[str, str]]) -> float:
    """Return the ratio of a cell by what each (component, level) adds to the baseline alone.

    A component adds so many microseconds to a step, whatever else is on: on digits the sum came
    within 2 % of the joint cell's measured cost, the product of the ratios was 22 % off.
    """
    return 1 + sum(known.get((dataset, *one), np.nan) - 1 for one in levels)


def with_step_cost(table: pd.DataFrame, results: StudyResults) -> pd.DataFrame:
    """Add the measured cost per step of each component.

    `step_ratio`, `step_low`, `step_high` are NaN where nothing was measured (a level is timed
    against its null level alone); `step_disturbed` says whether the machine was busy with
    something else meanwhile.
    """
    costs = results.step_cost.rename(columns=_NAMES)[[*_SIDE, *_NAMES.values()]]
    costs = costs.assign(null_level=costs["component"].map(results.study.baseline))
    joined = table.merge(costs, on=[*_SIDE, "null_level"], how="left", validate="m:1")
    return joined.assign(step_disturbed=joined["step_disturbed"].eq(True))


def with_cell_cost(cells: pd.DataFrame, results: StudyResults) -> pd.DataFrame:
    """Add what a step and a run of each cell cost by the measured step costs.

    `step_cost_ratio` is relative to the baseline, `step_cost_basis` is "measured" for a single
    component and for the cell with all of them; "sum" for the others, the baseline plus what each
    component adds alone; "baseline". `train_s` is the CPU time of a run's training steps on a
    machine that does nothing else: mean number of steps × the baseline's step time × the ratio.
    `cost_s` is what cells are compared by, and `cost_basis` says what that is: "steps" (`train_s`)
    where all cells of a dataset have one, else "run" (`fit_cpu_s`).
    """
    known = step_ratios(results)
    found = [_cell_ratio(row, results, known) for row in cells.to_dict("records")]
    ratios = np.array([ratio for ratio, _ in found], dtype=float)
    ok = results.runs[results.runs["status"] == "ok"]
    per_run = ok["run_key"].map(results.history.groupby("run_key")["steps"].sum()).astype(float)
    means = per_run.groupby([ok[name] for name in _CELL]).mean()
    steps = means.reindex(pd.MultiIndex.from_frame(cells[_CELL])).to_numpy(np.float64)
    per_step = cells["dataset"].map(_baseline_seconds(results)).astype(float)
    out = cells.assign(
        step_cost_ratio=ratios,
        step_cost_basis=[basis for _, basis in found],
        train_s=steps * per_step * ratios,
    )
    compared = out["mean_accuracy"].notna() & out["arm"].eq("cell")
    by_steps = ~out["dataset"].isin(out.loc[compared & out["train_s"].isna(), "dataset"])
    return out.assign(
        cost_s=out["train_s"].where(by_steps, out["fit_cpu_s"]),
        cost_basis=np.where(by_steps, "steps", "run"),
    )


def _cell_ratio(row: Row, results: StudyResults, known: StepRatios) -> tuple[float, str]:
    dataset, baseline = str(row["dataset"]), results.study.baseline
    changed = [(name, str(row[name])) for name in baseline if str(row[name]) != baseline[name]]
    if not known:
        return np.nan, ""
    if not changed:
        return 1.0, "baseline"
    joint = known.get((dataset, TOGETHER, str(row["cell"])))
    if joint is not None:
        return joint, "measured"
    ratio = summed(known, dataset, changed)
    basis = "measured" if len(changed) == 1 else "sum"
    return ratio, basis if np.isfinite(ratio) else ""


def _baseline_seconds(results: StudyResults) -> pd.Series:
    """Return the CPU seconds of a step of the baseline by dataset: the median over its rows."""
    return results.step_cost.groupby("dataset")["baseline_us"].median() / 1e6


def step_rows(results: StudyResults, dataset: str) -> pd.DataFrame:
    """Return a dataset's rows of the step costs, the controls last.

    With `title`, `kind` ("component", "together" or "control"), `disturbed`, `covers`: not a
    control that misses 1, and `sum_ratio`: for all components together, what they would cost by
    what each adds alone.
    """
    factors = {factor.name: factor for factor in results.study.factors}
    rows = results.step_cost[results.step_cost["dataset"] == dataset]
    named = [
        ("component", component_title(factors[name], level))
        if name in factors
        else ("together", name)
        if name == TOGETHER
        else ("control", "A/A control")
        for name, level in zip(rows["component"], rows["level"], strict=True)
    ]
    kinds = np.array([kind for kind, _ in named])
    levels = [(name, factor.alternative) for name, factor in factors.items()]
    together = summed(step_ratios(results), dataset, levels)
    rows = rows.assign(
        title=[title for _, title in named],
        kind=kinds,
        sum_ratio=np.where(kinds == "together", together, np.nan),
        disturbed=rows["disturbed"].eq(True),
        covers=(kinds != "control") | ((rows["ci_low"] <= 1) & (rows["ci_high"] >= 1)),
    )
    return rows.sort_values("kind", key=lambda kind: kind.map(_KINDS.index), kind="stable")


def target_times(
    runs: pd.DataFrame, cells: pd.DataFrame, results: StudyResults
) -> list[TargetGrid]:
    """Return the times to target of some datasets' runs on the step-cost clock.

    The horizon is the protocol's number of epochs at the baseline's pace.
    """
    study, history = results.study, results.history
    # A training of the user's own may have no number of epochs: then what its runs took.
    most = history["epoch"].max()
    horizons = {
        name: float(study.recipes[name].as_dict().get("epochs", most)) for name in results.measured
    }
    clock = _epoch_clock(cells, results)
    return list(target_grids(runs, study, history, horizons=horizons, clock=clock))


def _epoch_clock(cells: pd.DataFrame, results: StudyResults) -> dict[tuple[str, str], float]:
    """Return the seconds of an epoch of each (dataset, cell) by the measured step costs.

    A dataset without them is clocked by the CPU seconds of its own runs.
    """
    runs = results.runs
    named = results.history.merge(runs[["run_key", "dataset"]], on="run_key")
    seconds = named.groupby("dataset")["steps"].mean() * _baseline_seconds(results)
    ok = runs[runs["status"] == "ok"]
    own = (ok["fit_cpu_s"] / ok["epochs"]).groupby([ok["dataset"], ok["cell"]]).mean()
    clock = {}
    for row in cells.to_dict("records"):
        key = str(row["dataset"]), str(row["cell"])
        by_steps = seconds.get(key[0], np.nan) * row["step_cost_ratio"]
        clock[key] = by_steps if row["cost_basis"] == "steps" else float(own.get(key, np.nan))
    return clock
