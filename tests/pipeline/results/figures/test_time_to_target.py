"""Time to target: curves of cells, differences of components."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.results.figures.component_times import component_times
from pipeline.results.figures.style import new_axes
from pipeline.results.figures.time_to_target import time_to_target
from pipeline.results.tables.analyse import analyse


@pytest.mark.parametrize("shared", [True, False])
def test_curves_rise_by_one_run_each_and_misses_stay_below(shared: bool) -> None:
    times = {"sgd": np.array([1.0, 2.0]), "adam": np.array([1.5, np.inf])}
    axes = time_to_target(
        new_axes(7, 4), times, dataset="digits", target=0.9, horizon=4.0, shared_cores=shared
    )

    sgd, adam = axes.lines[:2]
    assert list(sgd.get_ydata()) == pytest.approx([0, 50, 100, 100])
    assert list(adam.get_xdata()) == pytest.approx([0, 1.5, 4])
    assert max(adam.get_ydata()) == pytest.approx(50)
    caption = axes.texts[0].get_text()
    assert "90.00 % validation accuracy" in caption
    assert ("shared cores" in caption) == shared


def test_components_are_drawn_with_interval_and_both_medians(study_of) -> None:
    rows = analyse(study_of(("digits",), replicates=3, n_test=200))["component_times"]
    axes = component_times(new_axes(7, 4), rows, dataset="digits", alpha=0.05, shared_cores=True)

    assert [label.get_text() for label in axes.get_yticklabels()] == rows["title"].tolist()[::-1]
    points = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert points == pytest.approx(rows["difference_s"].tolist()[::-1])
    texts = [text.get_text() for text in axes.texts]
    first = rows.iloc[-1]
    share = f"({100 * first['n_reached_without'] / first['n_without']:.0f} %) → "
    assert share in "\n".join(texts)
    assert "shared cores" in "\n".join(texts)
