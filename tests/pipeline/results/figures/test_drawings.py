"""What single drawings show: fronts, bars, curves, pictures."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.design.step_arms import CONTROL
from pipeline.champion.sample_images import Answers
from pipeline.results.figures.accuracy_cost import accuracy_cost
from pipeline.results.figures.bars import PHASES, run_time
from pipeline.results.figures.component_rows import component_times, effect_forest, step_cost
from pipeline.results.figures.curves import learning_curves, time_to_target
from pipeline.results.figures.images import PAIRS, first_layer_weights, most_confused, sample_images
from pipeline.results.figures.material import Exhibits, Kind, Material
from pipeline.results.figures.matrices import confusion_matrix, interaction_heatmap
from pipeline.results.figures.style import looks, new_figure
from pipeline.results.figures.tuning_trials import conclusion_flip, learning_rate_ledger
from pipeline.results.text.measure import measure_of


def made(**known: object) -> SimpleNamespace:
    """Return material that holds no more than a drawing asks for."""
    return SimpleNamespace(**{"measure": measure_of("test_accuracy"), "alpha": 0.05, **known})


def drawn_by(kind: Kind, material: object) -> tuple[Axes, str]:
    figure: Figure = new_figure()
    caption = kind.draw(figure, material)  # type: ignore[arg-type]
    assert caption is not None
    return figure.axes[0], caption


@pytest.fixture
def material(small, small_tables) -> Material:
    return Material(small, small_tables, "digits", Exhibits())


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


def crowd(cells: pd.DataFrame) -> SimpleNamespace:
    factors = [
        SimpleNamespace(name="cell", levels=[]),
        SimpleNamespace(name="optimizer", levels="ab"),
    ]
    study = SimpleNamespace(factors=factors)
    return made(of={"cells": cells}.get, results=SimpleNamespace(study=study), alpha=0.1)


def test_every_cell_has_a_name_and_the_front_is_numbered(cells) -> None:
    axes, caption = drawn_by(accuracy_cost, crowd(cells))

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
def test_the_axis_says_what_the_cost_is(cells, basis: str, words: str) -> None:
    axes, _ = drawn_by(accuracy_cost, crowd(cells.assign(cost_basis=basis)))
    assert words in axes.get_xlabel()


def test_the_forest_says_each_verdict_in_words(material, small_tables) -> None:
    axes, caption = drawn_by(effect_forest, material)
    effects = small_tables["effects"]
    assert set(effects["verdict"]) <= set(texts(axes))
    assert "band: equivalence margin ±0.5 pp" in caption
    assert [label.get_text() for label in axes.get_yticklabels()] == effects["title"].tolist()


def test_bars_stack_to_the_mean_wall_time_with_the_interval_of_their_sum(study) -> None:
    runs, cells = study.cells_of("mnist"), ["sgd", "adam"]
    axes, caption = drawn_by(run_time, made(runs=runs, highlighted=cells))

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
    _, alone = drawn_by(run_time, made(runs=runs.assign(shared_cores=False), highlighted=cells))
    assert "shared" not in alone


def timed(study, **changes) -> SimpleNamespace:
    results = SimpleNamespace(study=study.study, step_cost=study.step_cost.assign(**changes))
    return made(results=results, dataset="mnist")


def test_bars_are_the_extra_cost_from_the_top(study) -> None:
    axes, caption = drawn_by(step_cost, timed(study))

    widths = [bar.get_width() for bar in axes.patches]
    assert widths == pytest.approx([3, 9, 14, 1, 12, 35, 62, 0.1], abs=0.05)
    assert "×1.14 [1.12, 1.16]" in texts(axes)
    assert "the A/A control covers 1.00" in caption
    (diamond,) = [line for line in axes.lines
                  if line.get_marker() == "D" and np.isfinite(line.get_xdata()).all()]  # fmt: skip
    assert diamond.get_xdata()[0] == pytest.approx(62, abs=0.1)


def test_a_control_that_misses_and_a_disturbed_row_are_marked(study) -> None:
    costs = study.step_cost
    low = costs["ci_low"].mask(costs["component"] == CONTROL, 1.0005)
    material = timed(study, ci_low=low, disturbed=costs["component"] == "dropout")
    axes, caption = drawn_by(step_cost, material)

    assert "does not cover 1.00" in caption
    assert "0.1 % off" in caption
    assert [text.split()[-1] for text in texts(axes)].count("disturbed") == 1
    assert "disturbed: wall time exceeded CPU time" in caption


def test_what_holds_for_all_rows_is_said_once(study) -> None:
    axes, caption = drawn_by(step_cost, timed(study, disturbed=True, confidence=0.9))

    assert not any(text.endswith("disturbed") for text in texts(axes))
    assert "every row was disturbed" in caption
    assert "90 % interval" in caption


def test_curves_rise_by_one_run_each_and_misses_stay_below(monkeypatch, material) -> None:
    times = {"sgd": np.array([1.0, 2.0]), "adam": np.array([1.5, np.inf]), "rest": np.empty(0)}
    grid = SimpleNamespace(cells=list(times))
    found = SimpleNamespace(target=0.9, horizon=4.0, grid=grid, of=list(times.values()).__getitem__)
    monkeypatch.setattr("pipeline.results.figures.curves.target_times", lambda *_: [found])
    known = made(of=material.of, runs=None, results=None, highlighted=list(times))
    axes, caption = drawn_by(time_to_target, known)

    sgd, adam = axes.lines[:2]
    assert list(sgd.get_ydata()) == pytest.approx([0, 50, 100, 100])
    assert list(adam.get_xdata()) == pytest.approx([0, 1.5, 4])
    assert max(adam.get_ydata()) == pytest.approx(50)
    assert "90.00 % validation accuracy" in caption


def test_components_are_drawn_with_interval_and_both_medians(material, small_tables) -> None:
    rows = small_tables["component_times"]
    axes, caption = drawn_by(component_times, material)

    assert [label.get_text() for label in axes.get_yticklabels()] == rows["title"].tolist()
    points = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert points == pytest.approx(rows["difference_s"].tolist())
    first = rows.iloc[0]
    share = f"({100 * first['n_reached_without'] / first['n_without']:.0f} %) → "
    assert share in texts(axes)[0]
    assert "by measured step cost" in caption


def curves(results, *cells: str) -> tuple[Figure, str]:
    material = made(results=results, runs=results.cells_of("digits"), highlighted=list(cells))
    axes, caption = drawn_by(learning_curves, material)
    return axes.figure, caption


def test_each_panel_shows_training_beside_validation(small) -> None:
    figure, caption = curves(small, "sgd", "adam", "sgd+dropout")
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


def test_the_largest_interaction_is_framed_and_the_colours_have_a_key(
    material, small_tables
) -> None:
    table = small_tables["interactions"]
    axes, caption = drawn_by(interaction_heatmap, material)
    (frame,) = axes.patches
    place = table.loc[table["interaction_pp"].abs().idxmax()]
    rows, columns = (list(dict.fromkeys(table[f"title_{side}"])) for side in "ab")
    centre = (frame.get_x() + 0.46, frame.get_y() + 0.45)
    assert centre == pytest.approx((columns.index(place["title_b"]), rows.index(place["title_a"])))
    assert len(axes.figure.axes) == 2
    assert "framed: the largest" in caption


def shown(
    *, class_names=(), labels=(), guesses=(), images=(), after=(), said="", weights=None, shape=()
) -> SimpleNamespace:
    """Return material of images: all asked in two runs each."""
    asked = Answers(
        *(np.array(side, np.int64) for side in (np.arange(len(labels)) // 2, labels, guesses)), 2
    )
    pictures = SimpleNamespace(
        confused_index=np.arange(len(images)), confused=images,
        originals=images, augmented=after, augmentation=said,
    )  # fmt: skip
    cards = {"digits": SimpleNamespace(image_shape=shape)}
    return made(
        runs=pd.DataFrame({"cell": ["adam"]}), best_cell="adam", dataset="digits",
        answers=lambda *_: asked, class_names=lambda _: list(class_names),
        exhibits=SimpleNamespace(pictures=pictures, weights=weights, cell="adam"),
        results=SimpleNamespace(cards=cards),
    )  # fmt: skip


def test_a_matrix_of_many_classes_is_coloured_alone() -> None:
    every = np.arange(20)
    axes, caption = drawn_by(
        confusion_matrix, shown(class_names=["x"] * 20, labels=every, guesses=every)
    )
    assert texts(axes) == []
    assert caption.startswith("adam, n = 2 runs, 20 answers")


def test_an_image_stands_over_its_class_and_the_usual_guess() -> None:
    images = np.stack([np.zeros((8, 8), np.uint8), np.ones((8, 8), np.uint8)])
    names = ["T-shirt/top", "Trouser", "3"]
    axes, caption = drawn_by(
        most_confused,
        shown(class_names=names, labels=[0, 0, 2, 2], guesses=[1, 1, 0, 2], images=images),
    )
    assert texts(axes) == ["T-shirt/top\n→ Trouser\n2 of 2", "3\n→ T-shirt/top\n1 of 2"]
    assert "n = 2 runs" in caption


def test_no_text_of_an_image_lies_upon_the_image_below() -> None:
    asked = {"class_names": ["Ankle boot", "Pullover"], "labels": [0] * 16, "guesses": [1] * 16}
    images = np.ones((8, 28, 28), np.uint8)
    axes, _ = drawn_by(most_confused, shown(images=images, **asked))
    axes.figure.canvas.draw()
    lowest = min(text.get_window_extent().y0 for text in axes.texts[:4])
    gap = axes.texts[4].xy[1] - axes.texts[0].xy[1] - 28
    assert lowest > axes.transData.transform((0, axes.texts[0].xy[1] + gap))[1]


def test_an_arm_has_one_colour_in_both_figures_of_tuning(material) -> None:
    alone, seen = material.tuning, []
    tuning = pd.concat([alone, alone.assign(arm=alone["arm"] + "+augmentation")])
    for kind in (learning_rate_ledger, conclusion_flip):
        axes, _ = drawn_by(kind, made(tuning=tuning, tuned="learning_rate"))
        (key,) = axes.figure.legends
        axes.figure.canvas.draw()
        assert key.get_window_extent().x1 <= axes.figure.bbox.x1
        names = [text.get_text() for text in key.get_texts()]
        inks = [line.get_color() for line in key.get_lines()]
        seen.append(dict(zip(names, inks, strict=True)))
    assert seen[0] == seen[1] and len(set(seen[0].values())) == len(seen[0]) > 1


def test_single_names_keep_their_looks_beside_combinations() -> None:
    alone = looks(["sgd", "adam"])
    beside = looks(["sgd", "sgd+augmentation", "adam", "adam+augmentation"])
    assert {name: beside[name] for name in alone} == alone
    assert len({look.ink for look in beside.values()}) == 4


def test_arms_that_no_budget_tells_apart_lead_together(material) -> None:
    tuning = material.tuning.drop_duplicates(["arm", "replicate", "trial"])
    same = tuning.assign(value=tuning["trial"].astype(float), status="ok")
    _, caption = drawn_by(conclusion_flip, made(tuning=same))
    *first, last = sorted(tuning["arm"].unique())
    assert f"{', '.join(first)} and {last} lead together, within the noise, at every" in caption


COLOURS = np.random.default_rng(0).integers(0, 256, (3, 4, 5, 3)).astype(np.uint8)


def test_hard_images_are_shown_in_colour() -> None:
    asked = {"class_names": "ab", "labels": [0] * 6, "guesses": [1] * 6}
    axes, _ = drawn_by(most_confused, shown(images=COLOURS, **asked))
    np.testing.assert_allclose(axes.images[0].get_array()[:4, :5], COLOURS[0] / 255)


def test_the_samples_are_those_that_changed_most() -> None:
    before = np.zeros((8, 4, 4), np.float32)
    after = before + np.arange(8, dtype=np.float32)[:, None, None]
    axes, caption = drawn_by(sample_images, shown(images=before, after=after, said="noise"))
    first, differences = axes.images
    assert f"of 8 training images, drawn once each, the {PAIRS}" in caption
    changes = differences.get_array().compressed()
    assert set(np.unique(changes)) == {3, 4, 5, 6, 7}
    assert first.get_array().max() == 7


def test_samples_are_shown_in_colour_and_their_change_without() -> None:
    axes, _ = drawn_by(sample_images, shown(images=COLOURS, after=COLOURS, said="none"))
    pictures, change = axes.images
    np.testing.assert_allclose(pictures.get_array()[:4, :5], COLOURS[0] / 255)
    assert change.get_array().ndim == 2


def test_the_weights_of_a_pixels_colours_are_averaged() -> None:
    weights = np.tile(np.arange(20.0)[:, None, None] + 1, (1, 3, 2)).reshape(60, 2)
    axes, _ = drawn_by(first_layer_weights, shown(weights=weights, shape=(4, 5, 3)))
    drawn = np.asarray(axes.images[0].get_array())
    np.testing.assert_allclose(drawn[:4, :5], (np.arange(20.0) + 1).reshape(4, 5) / 20)


def test_names_that_are_long_are_broken(small_tables) -> None:
    effects = small_tables["effects"].assign(title="a name that is far too long for its room")
    axes, _ = drawn_by(effect_forest, made(of={"effects": effects}.get))
    assert all("\n" in label.get_text() for label in axes.get_yticklabels())


def test_a_cell_without_finished_runs_has_no_panel(small) -> None:
    lost = small.runs["cell"].eq("adam")
    runs = small.runs.assign(status=np.where(lost, "failed", "ok"))
    figure, _ = curves(replace(small, runs=runs), "sgd", "adam")
    assert [axes.get_visible() for axes in figure.axes] == [True, False]
