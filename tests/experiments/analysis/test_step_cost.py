"""The step-cost estimator: worked example, coverage and type-I error by simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.step_cost import COLUMNS, DISTURBED, ROUND_COLUMNS, log_ratio, step_costs

N_SIMULATIONS = 2000


def make_rounds(
    ratios: dict[str, float], *, processes: int = 5, n_rounds: int = 4, busy: float = 1.0
) -> pd.DataFrame:
    """Rounds without noise: 100 µs per step of the baseline, 10 steps."""
    rows = [
        (process, name, "on", number, 1e-3, 1e-3 * busy, ratio * 1e-3, ratio * 1e-3 * busy, 10)
        for name, ratio in ratios.items()
        for process in range(processes)
        for number in range(n_rounds)
    ]
    return pd.DataFrame(rows, columns=list(ROUND_COLUMNS))


def test_worked_example() -> None:
    # Log2 ratios by process: (1, 3) and (2, 2, 2), so means 2 and 2 and the ratio is 4.
    with_it = 2.0 ** np.array([1, 3, 2, 2, 2])

    estimate = log_ratio(with_it, np.ones(5), [0, 0, 1, 1, 1])

    assert np.exp(estimate.mean) == pytest.approx(4)
    assert estimate.n == 2


def test_n_counts_processes_not_rounds() -> None:
    rng = np.random.default_rng(0)
    process = np.repeat(np.arange(6), 50)
    shift = rng.normal(0, 0.05, 6)[process]
    logs = shift + rng.normal(0, 0.01, len(process))

    estimate = log_ratio(np.exp(logs), np.ones(len(logs)), process)

    assert estimate.n == 6
    means = [logs[process == i].mean() for i in range(6)]
    assert estimate.sd == pytest.approx(np.std(means, ddof=1))


def test_with_and_without_swapped_gives_the_inverse() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.lognormal(size=(2, 30))
    process = np.repeat(np.arange(5), 6)

    one, other = log_ratio(a, b, process), log_ratio(b, a, process)

    assert (other.mean, other.ci_low) == pytest.approx((-one.mean, -one.ci_high))


def simulate(rng: np.random.Generator, processes: int, truth: float) -> tuple[float, float]:
    """Rounds as they come: a memory layout per process, jitter, and now and then an interruption.

    An interruption hits either side of a round, with CPU caches emptied: up to 60 % more.
    """
    shape = (processes, 12)
    layout = rng.normal(0, 0.012, (processes, 1))
    hit = rng.uniform(0, 0.6, (2, *shape)) * (rng.random((2, *shape)) < 0.03)
    logs = np.log(truth) + layout + rng.gamma(2.0, 0.004, shape) - rng.gamma(2.0, 0.004, shape)
    with_it, without = np.exp(logs) * (1 + hit[0]), 1 + hit[1]
    process = np.repeat(np.arange(processes), shape[1])
    estimate = log_ratio(with_it.ravel(), without.ravel(), process)
    return float(np.exp(estimate.ci_low)), float(np.exp(estimate.ci_high))


@pytest.mark.parametrize("processes", [3, 5, 10])
def test_interval_covers_and_a_placebo_is_seldom_found(processes: int) -> None:
    rng = np.random.default_rng(processes)
    made = [simulate(rng, processes, 1.0) for _ in range(N_SIMULATIONS)]
    covered = np.mean([low <= 1.0 <= high for low, high in made])
    # Type-I error of "costs something" is 1 − coverage of 1.00: α to within three standard
    # errors of the simulation, sqrt(0.95 · 0.05 / 2000) = 0.0049.
    assert covered >= 0.95 - 3 * 0.0049
    assert covered <= 0.95 + 3 * 0.0049
    # The same rounds of a component that costs something give the same interval around its cost:
    # it covers as often.
    one, dear = (simulate(np.random.default_rng(1), processes, truth) for truth in (1.0, 1.35))
    assert dear == pytest.approx([1.35 * bound for bound in one])


def test_table() -> None:
    table = step_costs(make_rounds({"dropout": 1.25, "l2": 1.0}), confidence=0.9)

    assert tuple(table.columns) == COLUMNS
    assert table["component"].tolist() == ["dropout", "l2"]
    first = table.iloc[0]
    assert first["ratio"] == pytest.approx(1.25)
    assert (first["us"], first["baseline_us"]) == pytest.approx((125, 100))
    assert (first["n_processes"], first["n_rounds"]) == (5, 20)
    assert first["wall_over_cpu"] == pytest.approx(1)
    assert first["confidence"] == 0.9
    assert not table["disturbed"].any()


def _noisy(busy: float) -> pd.DataFrame:
    rounds = make_rounds({"l2": 1.1}, busy=busy)
    jitter = np.exp(np.random.default_rng(0).normal(0, 0.01, len(rounds)))
    return rounds.assign(cpu_s=rounds["cpu_s"] * jitter, wall_s=rounds["wall_s"] * jitter)


def test_a_disturbed_measurement_widens_its_interval() -> None:
    calm, busy = (step_costs(_noisy(b)).iloc[0] for b in (1.0, 1.5))

    over = busy["wall_over_cpu"]
    assert busy["ci_low"] == pytest.approx(calm["ci_low"] / over)
    assert busy["ci_high"] == pytest.approx(calm["ci_high"] * over)
    assert busy["wall_ci_high"] == pytest.approx(calm["wall_ci_high"] * over)
    assert busy["note"] == "disturbed: interval widened by 1.50 on either side"


def test_waiting_is_flagged_as_disturbed_and_leaves_the_ratio_alone() -> None:
    calm, busy = (step_costs(make_rounds({"l2": 1.1}, busy=b)).iloc[0] for b in (1.09, 1.11))

    assert 1.09 < DISTURBED < 1.11
    assert (calm["disturbed"], busy["disturbed"]) == (False, True)
    assert calm["ratio"] == pytest.approx(busy["ratio"]) == pytest.approx(1.1)


def test_rounds_of_a_diverged_training_are_left_out_and_said() -> None:
    rounds = make_rounds({"l2": 1.1})
    rounds.loc[rounds["process"] == 0, ["cpu_s", "wall_s"]] = np.nan
    row = step_costs(rounds).iloc[0]

    assert (row["n_processes"], row["n_rounds"]) == (4, 16)
    assert row["note"] == "4 of 20 rounds left out: training diverged"
    assert row["ratio"] == pytest.approx(1.1)


def test_no_round_at_all_gives_no_number() -> None:
    rounds = make_rounds({"l2": 1.1}).assign(cpu_s=np.nan)
    row = step_costs(rounds).iloc[0]

    assert np.isnan([row["ratio"], row["us"], row["wall_over_cpu"]]).all()
    assert (row["n_processes"], bool(row["disturbed"])) == (0, False)
