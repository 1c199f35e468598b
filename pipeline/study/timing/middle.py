"""What a component costs in the middle of training, beside what it costs at its start."""

from __future__ import annotations

import math

import pandas as pd

from experiments.analysis.step_cost import ROUND_COLUMNS, step_costs

# A run's own steps: where these differ from the first ones, a run pays them.
MIDDLE_COLUMNS = ("ratio_middle", "baseline_us_middle", "us_middle", "n_processes_middle", "drifts")
# A change of the ratio by more than this between start and middle is said.
DRIFT = 1.05


def costs_of(rounds: pd.DataFrame, *, confidence: float) -> pd.DataFrame:
    """Return the step costs at the start of training, with those of its middle beside them.

    Parameters
    ----------
    rounds : DataFrame
        `ROUND_COLUMNS` and `phase`, "start" or "middle".
    confidence : float
        Coverage of the intervals at the start.

    Returns
    -------
    DataFrame
        The columns of `step_costs`, and `MIDDLE_COLUMNS`; `drifts` says that the ratio in the
        middle differs from that at the start by more than `DRIFT`.

    Notes
    -----
    Optimizers and penalties can change what a step costs while they train: numbers below
    float32's normal range, which arise in moving averages and shrinking weights, are computed
    with many times slower on some processors.
    """
    start, middle = (
        step_costs(part[list(ROUND_COLUMNS)], confidence=confidence)
        for part in (rounds[rounds["phase"] == name] for name in ("start", "middle"))
    )
    key = ["component", "level"]
    wanted = ["ratio", "baseline_us", "us", "n_processes"]
    beside = middle[[*key, *wanted]].rename(columns={name: f"{name}_middle" for name in wanted})
    costs = start.merge(beside, on=key, how="left", sort=False)
    apart = (costs["ratio_middle"] / costs["ratio"]).map(math.log).abs()
    return costs.assign(drifts=apart > math.log(DRIFT))
