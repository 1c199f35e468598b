"""Phases of a run, stacked."""

from __future__ import annotations

import pytest

from pipeline.results.figures.run_time import PHASES, run_time
from pipeline.results.figures.style import new_axes


def test_bars_stack_to_the_mean_wall_time_with_other_shown(study) -> None:
    runs = study.cells_of("mnist")
    cells = ["sgd", "adam"]
    axes = run_time(new_axes(7, 2), runs, dataset="MNIST", cells=cells)

    ends: dict[float, float] = {}
    for bar in axes.patches:
        ends[bar.get_y()] = max(ends.get(bar.get_y(), 0), bar.get_x() + bar.get_width())
    walls = runs.groupby("cell")["fit_wall_s"].mean()
    # Phases were made up as shares of the CPU time, 1 % below the wall time.
    assert sorted(ends.values()) == pytest.approx(sorted(walls[cells]), rel=0.02)
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == [name for name, _ in PHASES.values()]
    assert labels[-1] == "other"


@pytest.mark.parametrize(("shared", "said"), [(True, True), (False, False), (None, True)])
def test_shared_cores_are_said(study, shared: bool | None, said: bool) -> None:
    runs = study.cells_of("digits").drop(columns="shared_cores")
    if shared is not None:
        runs = runs.assign(shared_cores=shared)
    axes = run_time(new_axes(7, 2), runs, dataset="digits", cells=["adam"])

    assert any("runs shared cores" in text.get_text() for text in axes.texts) == said
