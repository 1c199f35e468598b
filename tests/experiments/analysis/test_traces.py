"""Every effect names its runs."""

from __future__ import annotations

from experiments.analysis.traces import component_run_keys


def test_keys_are_those_of_the_kept_runs(run_table, factors) -> None:
    runs = run_table(factors)
    runs.loc[(runs["cell"] == "adam+l2") & (runs["replicate"] == 0), "status"] = "failed"

    traces = component_run_keys(runs, factors)

    assert len(traces["mnist", "l2", "on"]) == 150
    assert len(traces["mnist", "optimizer", "momentum"]) == 80
    assert not any("placebo" in key for key in traces["mnist", "l2", "on"])
    assert "mnist-cell-adam-on-off-off-1" not in traces["mnist", "l2", "on"]
