"""Time to target: first crossing, Kaplan–Meier, restricted mean."""

from __future__ import annotations

from math import inf

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.survival import summarize, survival_curve, times_to_target


def test_first_crossing_counts() -> None:
    history = pd.DataFrame(
        {
            "run_key": ["x"] * 3 + ["y"] * 2,
            "epoch": [0, 1, 2, 0, 1],
            "val_accuracy": [0.5, 0.9, 0.8, 0.5, 0.6],
            "elapsed_s": [1.0, 2.0, 3.0, 1.0, 2.0],
        }
    )

    assert times_to_target(history, 0.8).to_dict() == {"x": 2.0, "y": inf}


def test_curve_without_misses_is_the_empirical_one() -> None:
    steps, alive = survival_curve(np.array([3.0, 1.0, 1.0, 2.0]), horizon=5.0)

    assert steps.tolist() == [0, 1, 2, 3]
    assert alive == pytest.approx([1, 0.5, 0.25, 0])


@pytest.mark.parametrize(
    ("times", "n_reached", "median", "mean"),
    [
        ([1.0, 2.0, 3.0], 3, 2.0, 2.0),
        ([1.0, 2.0, inf], 2, 2.0, 7 / 3),
        ([1.0, inf, inf], 1, inf, 3.0),
        ([inf, inf], 0, inf, 4.0),
        ([4.0, 4.0], 2, 4.0, 4.0),
        ([1.0, 3.0], 2, 1.0, 2.0),
    ],
)
def test_summary(times: list[float], n_reached: int, median: float, mean: float) -> None:
    found = summarize(np.array(times), horizon=4.0)

    assert (found.n, found.n_reached, found.median_s) == (len(times), n_reached, median)
    assert found.restricted_mean_s == pytest.approx(mean)


def test_restricted_mean_is_the_mean_of_the_smaller() -> None:
    times = np.random.default_rng(0).exponential(2.0, 30)

    found = summarize(times, horizon=3.0)

    assert found.restricted_mean_s == pytest.approx(np.minimum(times, 3.0).mean())
    assert found.n_reached == np.sum(times <= 3.0)


def test_no_run_gives_nan() -> None:
    found = summarize(np.empty(0), horizon=1.0)

    assert found.n == 0
    assert np.isnan([found.median_s, found.restricted_mean_s]).all()
