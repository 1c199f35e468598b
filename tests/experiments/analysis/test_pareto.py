"""The accuracy–cost front."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from experiments.analysis.cells import cell_comparison
from experiments.analysis.pareto import on_front, pareto_front
from tests.experiments.analysis.conftest import study_of

POINTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12)


@given(POINTS)
def test_nothing_on_the_front_is_beaten_and_all_else_is(points: list[tuple[int, int]]) -> None:
    front = pareto_front(*zip(*points, strict=True))

    for (accuracy, cost), on in zip(points, front, strict=True):
        beaten = any(a >= accuracy and c <= cost and (a, c) != (accuracy, cost) for a, c in points)
        assert on == (not beaten)


def test_points_without_a_value_are_out() -> None:
    assert pareto_front([0.9, np.nan, 0.8], [2.0, 1.0, np.nan]).tolist() == [True, False, False]


def test_front_of_each_dataset(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.1}, datasets=("mnist", "digits"))
    runs["fit_cpu_s"] = np.where(runs["cell"].isin(["a", "placebo"]), 1.0, 2.0)
    cells = cell_comparison(runs, study_of(switches, runs), rng=np.random.default_rng(0))

    front = on_front(cells)

    assert front.index.equals(cells.index)
    assert not front[cells["arm"] == "placebo"].any()
    # What the test part says has no say: `a` stays on the front with the worst test figure.
    flattered = cells.assign(mean_accuracy=np.where(cells["cell"] == "a", 0.1, 0.99))
    assert on_front(flattered).equals(front)
    assert front[(cells["cell"] == "a") & (cells["arm"] == "cell")].all()
    assert not front[cells["cell"] == ""].any()
