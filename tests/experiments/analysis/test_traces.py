"""Every effect names its runs."""

from __future__ import annotations

import numpy as np

from experiments.analysis.effects import component_effects
from experiments.analysis.traces import component_run_keys


def test_keys_are_those_of_the_kept_runs(run_table, factors) -> None:
    runs = run_table(factors)
    runs.loc[(runs["cell"] == "adam+l2") & (runs["replicate"] == 0), "status"] = "failed"

    effects = component_effects(
        runs,
        factors,
        margins={"mnist": 0.1},
        rng=np.random.default_rng(0),
        contrasts=[("adam", "momentum")],
    )

    traces = component_run_keys(runs, factors, effects)

    l2 = traces["mnist", "l2", "on", "off"]
    assert len(l2) == 150
    assert len(traces["mnist", "optimizer", "momentum", "sgd"]) == 80
    assert len(traces["mnist", "optimizer", "adam", "momentum"]) == 70
    assert not any("placebo" in key for key in l2)
    assert "mnist-cell-adam-on-off-off-1" not in l2


def test_the_runs_end_with_the_look_that_decided(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.05}, replicates=10)
    shared = {"margins": {"mnist": 0.01}, "rng": np.random.default_rng(0)}
    looks = {"mnist": (5, 10)}
    effects = component_effects(runs, switches, looks=looks, **shared)

    traces = component_run_keys(runs, switches, effects, looks=looks)

    assert len(traces["mnist", "a", "on", "off"]) == 5 * 8
    assert len(traces["mnist", "b", "on", "off"]) == 10 * 8
