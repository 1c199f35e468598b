"""Every effect names its runs."""

from __future__ import annotations

import numpy as np

from experiments.analysis.effects import component_effects
from experiments.analysis.traces import component_run_keys
from tests.experiments.analysis.conftest import study_of


def test_keys_are_those_of_the_kept_runs(run_table, factors) -> None:
    runs = run_table(factors)
    runs.loc[(runs["cell"] == "adam+l2") & (runs["replicate"] == 0), "status"] = "failed"

    study = study_of(factors, runs, contrasts=[("adam", "momentum")])

    effects = component_effects(runs, study, rng=np.random.default_rng(0))
    traces = component_run_keys(runs, study, effects)

    l2 = traces["mnist", "l2", "on", "off"]
    assert len(l2) == 150
    assert len(traces["mnist", "optimizer", "momentum", "sgd"]) == 80
    assert len(traces["mnist", "optimizer", "adam", "momentum"]) == 70
    assert not any("placebo" in key for key in l2)
    assert "mnist-cell-adam-on-off-off-1" not in l2


def test_the_runs_end_with_the_look_that_decided(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.05}, replicates=10)
    study = study_of(switches, runs, looks={"mnist": (5, 10)}, margins={"mnist": 0.01})

    effects = component_effects(runs, study, rng=np.random.default_rng(0))
    traces = component_run_keys(runs, study, effects)

    assert len(traces["mnist", "a", "on", "off"]) == 5 * 8
    assert len(traces["mnist", "b", "on", "off"]) == 10 * 8
