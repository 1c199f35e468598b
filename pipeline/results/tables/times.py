"""Time to target in one table, and the mark on wall times of runs that shared cores."""

from __future__ import annotations

import pandas as pd

from experiments.analysis.target_grid import TargetGrid, target_grids
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.costs import epoch_clock

_SUMMARY = ["n", "n_reached", "median_s", "restricted_mean_s"]
_GROUP = ["dataset", "scope", "cell", "arm", "component", "level", "null_level", "side"]
_TARGET = ["target", "horizon_s"]
_DIFFERENCE = ["n_blocks", "difference_s", "ci_low_s", "ci_high_s"]


def target_times(
    runs: pd.DataFrame, cells: pd.DataFrame, results: StudyResults
) -> list[TargetGrid]:
    """Return the times to target of some datasets' runs on the step-cost clock.

    The horizon is the protocol's number of epochs at the baseline's pace.
    """
    recipes = results.protocol.get("recipe", {})
    most = int(results.history["epoch"].max())
    return list(
        target_grids(
            runs,
            results.history,
            results.factors,
            results.protocol.get("targets"),
            horizons={name: recipes.get(name, {}).get("epochs", most) for name in results.measured},
            clock=epoch_clock(cells, results),
        )
    )


def time_table(cell_times: pd.DataFrame, component_times: pd.DataFrame) -> pd.DataFrame:
    """Put the times to target of cells and components in one table, for `time_to_target.csv`.

    Returns
    -------
    DataFrame
        One row per group of runs: a cell (`scope` "cell"), or all runs with a component's level or
        their partners without it (`scope` "component", `side` "with" or "without"); the
        difference stands beside "with". Infinite: fewer than half reached the target. Empty when
        nothing could be computed.
    """
    parts = [cell_times.assign(scope="cell")] if len(cell_times) else []
    if len(component_times):
        sides = [_side(component_times, side) for side in ("with", "without")]
        parts.append(pd.concat(sides).sort_index(kind="stable"))
    if not parts:
        return pd.DataFrame()
    table = pd.concat(parts, ignore_index=True)
    columns = [*_GROUP, *_TARGET, *_SUMMARY, *_DIFFERENCE, "shared_cores"]
    return table.reindex(columns=columns).astype({"n_blocks": "Int64"})


def _side(component_times: pd.DataFrame, side: str) -> pd.DataFrame:
    """Return one side of the component times as rows of the common table."""
    renamed = component_times.rename(columns={f"{name}_{side}": name for name in _SUMMARY})
    return renamed.drop(columns=_DIFFERENCE if side == "without" else []).assign(
        scope="component", side=side
    )


def shared_cores(results: StudyResults) -> dict[str, bool]:
    """Return by dataset whether some of its runs shared the machine, so that walls hold waiting.

    A run that does not say counts as one that shared.
    """
    runs = results.runs
    if "shared_cores" not in runs:
        return dict.fromkeys(results.measured, True)
    shared = runs[runs["status"] == "ok"].groupby("dataset")["shared_cores"].max()
    return {name: bool(shared.get(name, True)) for name in results.measured}


def with_shared_cores(table: pd.DataFrame, results: StudyResults) -> pd.DataFrame:
    """Add `shared_cores`: whether the wall times of the row's dataset hold waiting."""
    if table.empty:
        return table
    shared = shared_cores(results)
    return table.assign(shared_cores=[shared.get(name, True) for name in table["dataset"]])
