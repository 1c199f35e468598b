"""The middle of training beside its start."""

import numpy as np
import pandas as pd
import pytest

from pipeline.study.timing.step_cost_file import costs_of


def rounds(start: float, middle: float) -> pd.DataFrame:
    """Rounds of one arm that costs so many times the baseline, at the start and in the middle."""
    rng = np.random.default_rng(0)
    rows = [
        {
            "process": process, "component": "optimizer", "level": "rmsprop", "round": number,
            "baseline_cpu_s": 1.0, "baseline_wall_s": 1.0, "cpu_s": cost, "wall_s": cost,
            "n_steps": 10, "phase": phase,
        }
        for phase, ratio, processes in (("start", start, 5), ("middle", middle, 2))
        for process in range(processes)
        for number, cost in enumerate(ratio * np.exp(rng.normal(0, 1e-3, 4)))
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("middle", "drifts"), [(1.21, False), (1.57, True), (1.0, True)])
def test_a_cost_that_changes_while_training_is_marked(middle: float, drifts: bool) -> None:
    (row,) = costs_of(rounds(1.2, middle), confidence=0.95).to_dict("records")
    assert row["ratio"] == pytest.approx(1.2, rel=2e-3)
    assert row["ratio_middle"] == pytest.approx(middle, rel=2e-3)
    assert (row["n_processes"], row["n_processes_middle"]) == (5, 2)
    assert row["us_middle"] == pytest.approx(1e5 * middle, rel=2e-3)
    assert row["drifts"] is drifts


def test_without_a_middle_nothing_drifts() -> None:
    start = rounds(1.2, 1.2).query("phase == 'start'")
    (row,) = costs_of(start, confidence=0.95).to_dict("records")
    assert np.isnan(row["ratio_middle"])
    assert not row["drifts"]
