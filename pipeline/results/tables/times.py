"""Time to target of a study's runs, and its table."""

from __future__ import annotations

import pandas as pd

from experiments.analysis.target_grid import TargetGrid, target_grids
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.costs import epoch_clock

_SUMMARY = ["n", "n_reached", "median_epochs", "restricted_mean_epochs"]
_SUMMARY += ["median_s", "restricted_mean_s"]
_GROUP = ["dataset", "scope", "cell", "arm", "component", "level", "null_level", "side"]
_TARGET = ["target", "horizon_epochs", "horizon_s"]
_DIFFERENCE = ["n_blocks", "difference_epochs", "ci_low_epochs", "ci_high_epochs"]
_DIFFERENCE += ["difference_s", "ci_low_s", "ci_high_s"]


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
    clock = epoch_clock(cells, results)
    return list(
        target_grids(runs, history, study.factors, study.target, horizons=horizons, clock=clock)
    )


def time_table(cell_times: pd.DataFrame, component_times: pd.DataFrame) -> pd.DataFrame:
    """Put the times to target of cells and components in one table, for `time_to_target.csv`.

    One row per group of runs: a cell (`scope` "cell"), or all runs with a component's level or
    their partners without it (`scope` "component", `side` "with" or "without"); the difference
    stands beside "with". Infinite: fewer than half reached the target.
    """
    columns = [*_GROUP, *_TARGET, *_SUMMARY, *_DIFFERENCE]
    sides = {
        side: component_times.rename(columns={f"{name}_{side}": name for name in _SUMMARY}).assign(
            scope="component", side=side
        )
        for side in ("with", "without")
    }
    alone = sides["without"].drop(columns=_DIFFERENCE)
    paired = pd.concat([sides["with"], alone]).sort_index(kind="stable")
    rows = [*cell_times.assign(scope="cell").to_dict("records"), *paired.to_dict("records")]
    return pd.DataFrame(rows, columns=columns).astype({"n_blocks": "Int64"})
