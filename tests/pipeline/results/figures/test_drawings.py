"""What single drawings show: fronts, bars, curves, pictures."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from experiments.analysis.confusions import Confused
from pipeline.results.figures.accuracy_cost import accuracy_cost
from pipeline.results.figures.augmented_pairs import COUNT, sample_images
from pipeline.results.figures.component_times import component_times
from pipeline.results.figures.confusion_matrix import confusion_matrix
from pipeline.results.figures.effect_forest import effect_forest
from pipeline.results.figures.interaction_heatmap import interaction_heatmap
from pipeline.results.figures.learning_curves import learning_curves
from pipeline.results.figures.most_confused import most_confused
from pipeline.results.figures.run_time import PHASES, run_time
from pipeline.results.figures.step_cost_bars import step_cost
from pipeline.results.figures.style import new_figure
from pipeline.results.figures.target_curves import time_to_target
from pipeline.results.tables.step_rows import step_rows
from pipeline.results.text.measure import measure_of

MEASURE = measure_of("test_accuracy")


@pytest.fixture
def axes() -> Axes:
    return new_figure(4.0).add_subplot()


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def hovers(axes: Axes) -> list[str]:
    marks = [*axes.lines, *axes.collections, *axes.patches]
    gids = [mark.get_gid() for mark in marks if str(mark.get_gid()).startswith("hover:")]
    return [name for gid in gids for name in json.loads(str(gid).removeprefix("hover:"))]


@pytest.fixture
def cells() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cell": ["sgd", "adam", "sgd+l2"],
            "optimizer": ["sgd", "adam", "sgd"],
            "n": 5,
            "mean_accuracy": [0.95, 0.97, 0.94],
            "mean_ci_low": [0.94, 0.96, 0.93],
            "mean_ci_high": [0.96, 0.98, 0.95],
            "cost_s": [1.0, 2.0, 1.5],
            "cost_basis": "steps",
            "on_front": [True, True, False],
            "is_baseline": [True, False, False],
        }
    )


def test_every_cell_has_a_name_and_the_front_is_numbered(axes, cells) -> None:
    caption = accuracy_cost(axes, cells, group="optimizer", measure=MEASURE, alpha=0.1)

    assert axes.get_ylabel() == "test accuracy (%)"
    assert "90 % interval" in caption
    assert list(axes.lines[0].get_xdata()) == [1.0, 2.0]
    assert list(axes.lines[0].get_ydata()) == pytest.approx([95, 97])
    assert sorted(texts(axes)) == ["1", "2", "baseline"]
    (key,) = axes.figure.legends
    assert [text.get_text() for text in key.get_texts()] == ["sgd", "adam", "1  sgd", "2  adam"]
    assert {name.split(":")[0] for name in hovers(axes)} == set(cells["cell"])


@pytest.mark.parametrize(
    ("basis", "words"), [("steps", "cost per step"), ("run", "runs shared the machine")]
)
def test_the_axis_says_what_the_cost_is(axes, cells, basis: str, words: str) -> None:
    basis_cells = cells.assign(cost_basis=basis)
    accuracy_cost(axes, basis_cells, group="optimizer", measure=MEASURE, alpha=0.05)
    assert words in axes.get_xlabel()


def test_the_forest_says_each_verdict_in_words(axes, small_tables) -> None:
    effects = small_tables["effects"]
    caption = effect_forest(axes, effects, measure=MEASURE)
    assert set(effects["verdict"]) <= set(texts(axes))
    assert "band: equivalence margin ±0.5 pp" in caption
    assert [label.get_text() for label in axes.get_yticklabels()] == effects["title"].tolist()


def test_bars_stack_to_the_mean_wall_time_with_the_interval_of_their_sum(axes, study) -> None:
    runs, cells = study.cells_of("mnist"), ["sgd", "adam"]
    caption = run_time(axes, runs, cells=cells, alpha=0.05)

    ends: dict[float, float] = {}
    for bar in axes.patches:
        ends[bar.get_y()] = max(ends.get(bar.get_y(), 0), bar.get_x() + bar.get_width())
    walls = runs.groupby("cell")["fit_wall_s"].mean()
    # Phases were made up as shares of the CPU time, 1 % below the wall time.
    assert sorted(ends.values()) == pytest.approx(sorted(walls[cells]), rel=0.02)
    for line, total in zip(axes.lines, ends.values(), strict=True):
        assert np.mean(line.get_xdata()) == pytest.approx(total)
    assert "runs shared cores" in caption
    assert "95 % interval of the sum" in caption
    (key,) = axes.figure.legends
    assert [text.get_text() for text in key.get_texts()] == [name for name, _ in PHASES.values()]
    alone = run_time(
        new_figure(3.0).add_subplot(), runs.assign(shared_cores=False), cells=cells, alpha=0.05
    )
    assert "shared" not in alone


@pytest.fixture
def rows(study):
    return step_rows(study, "mnist")


def test_bars_are_the_extra_cost_from_the_top(axes, rows) -> None:
    caption = step_cost(axes, rows)

    widths = [bar.get_width() for bar in axes.patches]
    assert widths == pytest.approx([3, 9, 14, 1, 12, 35, 62, 0.1], abs=0.05)
    assert "×1.14 [1.12, 1.16]" in texts(axes)
    assert "the A/A control covers 1.00" in caption
    (diamond,) = [line for line in axes.lines
                  if line.get_marker() == "D" and np.isfinite(line.get_xdata()).all()]  # fmt: skip
    assert diamond.get_xdata()[0] == pytest.approx(62, abs=0.1)


def test_a_control_that_misses_and_a_disturbed_row_are_marked(axes, rows) -> None:
    control = rows["kind"] == "control"
    rows = rows.assign(
        ci_low=rows["ci_low"].mask(control, 1.0005), disturbed=rows["component"] == "dropout"
    )
    caption = step_cost(axes, rows)

    assert "does not cover 1.00" in caption
    assert "0.1 % off" in caption
    assert [text.split()[-1] for text in texts(axes)].count("disturbed") == 1
    assert "disturbed: wall time exceeded CPU time" in caption


def test_what_holds_for_all_rows_is_said_once(axes, rows) -> None:
    caption = step_cost(axes, rows.assign(disturbed=True, confidence=0.9))

    assert not any(text.endswith("disturbed") for text in texts(axes))
    assert "every row was disturbed" in caption
    assert "90 % interval" in caption


def test_curves_rise_by_one_run_each_and_misses_stay_below(axes) -> None:
    times = {"sgd": np.array([1.0, 2.0]), "adam": np.array([1.5, np.inf])}
    caption = time_to_target(axes, times, target=0.9, horizon=4.0)

    sgd, adam = axes.lines[:2]
    assert list(sgd.get_ydata()) == pytest.approx([0, 50, 100, 100])
    assert list(adam.get_xdata()) == pytest.approx([0, 1.5, 4])
    assert max(adam.get_ydata()) == pytest.approx(50)
    assert "90.00 % validation accuracy" in caption


def test_components_are_drawn_with_interval_and_both_medians(axes, small_tables) -> None:
    rows = small_tables["component_times"]
    caption = component_times(axes, rows, alpha=0.05)

    assert [label.get_text() for label in axes.get_yticklabels()] == rows["title"].tolist()
    points = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert points == pytest.approx(rows["difference_s"].tolist())
    first = rows.iloc[0]
    share = f"({100 * first['n_reached_without'] / first['n_without']:.0f} %) → "
    assert share in texts(axes)[0]
    assert "by measured step cost" in caption


def test_each_panel_shows_training_beside_validation(small) -> None:
    figure, cells = new_figure(4.0), ["sgd", "adam", "sgd+dropout"]
    caption = learning_curves(
        figure, small.history, small.cells_of("digits"), cells=cells, alpha=0.05
    )
    panels = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_title(loc="left") for axes in panels] == ["adam", "sgd + dropout"]
    keys = small.runs.query("cell == 'adam'")["run_key"]
    own = small.history[small.history["run_key"].isin(keys)]
    last = 100 * (1 - own[own["epoch"] == 20][["val_accuracy", "train_accuracy"]].mean())
    drawn = [line.get_ydata()[-1] for line in panels[0].lines[1:]]
    assert drawn == pytest.approx(last.tolist())
    assert "mean of n = 5 replicates" in caption
    # A small panel keeps its scale: two numbers at least.
    figure.canvas.draw()
    low, high = panels[0].get_ylim()
    assert sum(low <= tick <= high for tick in panels[0].get_yticks()) >= 2


def test_the_largest_interaction_is_framed_and_the_colours_have_a_key(axes, small_tables) -> None:
    table = small_tables["interactions"]
    caption = interaction_heatmap(axes, table, measure=MEASURE)
    (frame,) = axes.patches
    place = table.loc[table["interaction_pp"].abs().idxmax()]
    rows, columns = (list(dict.fromkeys(table[f"title_{side}"])) for side in "ab")
    centre = (frame.get_x() + 0.46, frame.get_y() + 0.45)
    assert centre == pytest.approx((columns.index(place["title_b"]), rows.index(place["title_a"])))
    assert len(axes.figure.axes) == 2
    assert "framed: the largest" in caption


def test_a_matrix_of_many_classes_is_coloured_alone(axes) -> None:
    caption = confusion_matrix(
        axes, np.eye(20, dtype=np.int64), cell="adam", class_names=["x"] * 20, n_runs=1
    )
    assert texts(axes) == []
    assert caption.startswith("adam, n = 1 run, 20 answers")


def test_an_image_stands_over_its_class_and_the_usual_guess(axes) -> None:
    images = {7: np.zeros((8, 8), np.uint8), 9: np.ones((8, 8), np.uint8)}
    ranked = [Confused(7, 0, 1, 9, 10), Confused(9, 2, 0, 1, 3)]
    names = ["T-shirt/top", "Trouser", "3"]
    caption = most_confused(axes, images, ranked, class_names=names, n_runs=10)
    assert texts(axes) == ["T-shirt/top\n→ Trouser\n9 of 10", "3\n→ T-shirt/top\n1 of 3"]
    assert "n = 10 runs" in caption


def test_the_samples_are_those_that_changed_most(axes) -> None:
    before = np.zeros((8, 4, 4), np.float32)
    after = before + np.arange(8, dtype=np.float32)[:, None, None]
    caption = sample_images(axes, before, after, augmentation="noise")
    first, differences = axes.images
    assert f"of 8 training images, drawn once each, the {COUNT}" in caption
    shown = differences.get_array().compressed()
    assert set(np.unique(shown)) == {3, 4, 5, 6, 7}
    assert first.get_array().max() == 7


def test_names_that_are_long_are_broken(axes, small_tables) -> None:
    effects = small_tables["effects"].assign(title="a name that is far too long for its room")
    effect_forest(axes, effects, measure=MEASURE)
    assert all("\n" in label.get_text() for label in axes.get_yticklabels())


def test_a_cell_without_finished_runs_has_no_panel(small) -> None:
    lost = small.runs["cell"].eq("adam")
    runs = replace(small, runs=small.runs.assign(status=np.where(lost, "failed", "ok")))
    figure = new_figure(4.0)
    learning_curves(
        figure, small.history, runs.cells_of("digits"), cells=["sgd", "adam"], alpha=0.05
    )
    assert [axes.get_visible() for axes in figure.axes] == [True, False]
