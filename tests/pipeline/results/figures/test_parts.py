"""The pure parts of figures: laying out, intervals, what is highlighted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.champion.sample_images import answers_of
from pipeline.results.figures.intervals import interval
from pipeline.results.figures.material import Exhibits, Material
from pipeline.results.figures.sheets import mosaic


def test_answers_are_joined_in_the_tables_order():
    def row(key, index):
        guess = np.array([1, 2], np.uint16)
        return {"run_key": key, "n_classes": 3, "labels": guess.tobytes(),
                "outputs": np.eye(3, dtype=np.float16)[guess].tobytes(),
                "test_index": np.array(index, np.int64).tobytes()}  # fmt: skip

    table = pd.DataFrame([row("a", [0, 1]), row("b", [2, 3]), row("c", [4, 5])])
    answers = answers_of(table, {"c", "a", "unknown"})
    assert answers.index.tolist() == [0, 1, 4, 5]
    assert answers.labels.tolist() == answers.guesses.tolist() == [1, 2, 1, 2]
    assert answers.n_runs == 2
    assert answers_of(table.iloc[:0], {"a"}).n_runs == 0


@given(n=st.integers(1, 12), columns=st.integers(1, 5), gap=st.integers(0, 3))
def test_a_mosaic_holds_every_image_where_it_belongs(n, columns, gap):
    images = np.arange(n * 6, dtype=float).reshape(n, 2, 3)
    sheet = mosaic(images, columns=columns, gap=gap)
    for i, image in enumerate(images):
        y, x = (i // columns) * (2 + gap), (i % columns) * (3 + gap)
        np.testing.assert_array_equal(sheet[y : y + 2, x : x + 3], image)
    assert np.isfinite(sheet).sum() == n * 6


def test_an_interval_is_students_and_one_run_has_none():
    mean, low, high = interval(np.array([[1.0], [2.0], [3.0]]), alpha=0.05)
    # t(0.975, 2) = 4.3027, standard error 1 / sqrt(3).
    assert mean[0] == 2
    assert high[0] - 2 == pytest.approx(4.3027 / np.sqrt(3), rel=1e-4)
    assert low[0] == pytest.approx(4 - high[0])
    assert np.isnan(interval(np.ones((1, 2)), alpha=0.05)[1]).all()


@pytest.mark.parametrize("n", [3, 5, 10])
def test_the_interval_covers_in_every_column(n):
    rng = np.random.default_rng(n)
    made = [interval(2 + rng.standard_normal((n, 4)), alpha=0.05) for _ in range(1000)]
    covered = [(low <= 2) & (high >= 2) for _, low, high in made]
    assert np.mean(covered, axis=0).min() >= 0.93


def test_the_highlighted_cells_are_baseline_single_components_and_best(small, small_tables):
    material = Material(small, small_tables, "digits", Exhibits())
    baseline, *rest = material.highlighted
    changed = [cell for cell in rest if cell != material.best_cell]
    assert material.of("cells").set_index("cell").loc[baseline, "is_baseline"]
    assert changed == ["momentum", "rmsprop", "adam", *changed[3:]]
    assert len(changed) == 6
    assert material.best_cell in material.highlighted
