"""Every figure of a study: drawn once, the same each time, saying n and its interval."""

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image

from pipeline.results.figures.catalogue import CATALOGUE
from pipeline.results.figures.gallery import TRACES, draw_figures
from pipeline.results.figures.material import Exhibits, Material
from pipeline.results.figures.style import CYCLE, MARKERS, new_axes
from pipeline.results.tables.analyse import analyse
from tests.pipeline.conftest import make_exhibits


@pytest.fixture(scope="module")
def drawn(small, small_tables, tmp_path_factory):
    """The figures of the small study."""
    return draw_figures(
        small, small_tables, tmp_path_factory.mktemp("figures"), make_exhibits(small)
    )


def test_every_kind_is_drawn_as_svg_and_png(drawn):
    assert [figure.kind for figure in drawn] == list(CATALOGUE)
    for figure in drawn:
        assert ElementTree.parse(figure.svg).getroot().tag.endswith("svg")
        with Image.open(figure.png) as picture:
            assert picture.width >= 1000
        assert figure.svg.stem == figure.png.stem == f"{figure.kind.name}_digits"


def test_each_figure_is_traced_to_the_runs_it_rests_on(small, drawn):
    traces = json.loads((drawn[0].svg.parent.parent / TRACES).read_text())
    assert list(traces["figures"]) == [figure.svg.stem for figure in drawn]
    known = set(small.runs["run_key"]) | set(small.tuning["run_key"])
    for stem, name in traces["figures"].items():
        keys = traces["runs"][name]
        assert set(keys) <= known | {"the champion's run"}
        assert bool(keys) != stem.startswith("step_cost")
    best = set(traces["runs"][traces["figures"]["confusion_matrix_digits"]])
    assert len(set(small.runs.set_index("run_key").loc[list(best), "cell"])) == 1
    assert len(best) == 5
    assert len(traces["runs"]["digits: cells"]) == 160
    assert all(key.startswith("digits-tune") for key in traces["runs"]["digits: tuning trials"])


def test_both_files_show_the_same_picture(drawn):
    for figure in drawn:
        box = ElementTree.parse(figure.svg).getroot().get("viewBox").split()
        with Image.open(figure.png) as picture:
            assert picture.width / picture.height == pytest.approx(
                float(box[2]) / float(box[3]), rel=0.01
            )


def test_the_same_inputs_give_the_same_bytes(small, small_tables, drawn, tmp_path):
    again = draw_figures(small, small_tables, tmp_path, make_exhibits(small))
    for first, second in zip(drawn, again, strict=True):
        assert first.svg.read_bytes() == second.svg.read_bytes(), first.svg.name
        assert first.png.read_bytes() == second.png.read_bytes(), first.png.name


def test_no_figure_asks_for_anything_from_outside(drawn):
    for figure in drawn:
        text = figure.svg.read_text()
        assert "<script" not in text
        assert not re.search(r'href="(?!#|data:)', text)


COUNTED = {figure.name for figure in CATALOGUE} - {"first_layer_weights", "sample_images",
                                                   "most_confused", "conclusion_flip"}  # fmt: skip
WITH_INTERVAL = {
    **dict.fromkeys(("effect_forest", "learning_curves", "accuracy_cost"), "95 % interval"),
    "step_cost": "interval (Student's t over processes)",
}


def test_a_figure_says_its_n_and_its_interval(drawn):
    for figure in drawn:
        if figure.kind.name in COUNTED:
            assert re.search(r"n = \d", figure.alt), figure.alt
        assert WITH_INTERVAL.get(figure.kind.name, "") in figure.alt
        assert figure.alt.count("digits") == 1


def test_figures_that_are_no_longer_drawn_are_deleted(small, small_tables, tmp_path):
    stale, own = tmp_path / "effect_forest_mnist.svg", tmp_path / "notes.svg"
    stale.write_text("old")
    own.write_text("the user's")
    draw_figures(small, small_tables, tmp_path)
    assert not stale.exists()
    assert own.read_text() == "the user's"


def test_without_images_weights_times_or_tuning_the_rest_is_drawn(small, tmp_path):
    bare = replace(
        small,
        **dict.fromkeys(("history", "predictions", "tuning", "step_cost"), pd.DataFrame()),
    )
    drawn = draw_figures(bare, analyse(bare), tmp_path)
    names = {figure.kind.name for figure in drawn}
    assert "effect_forest" in names
    assert not names & {"learning_curves", "learning_rate_ledger", "step_cost", "most_confused",
                        "confusion_matrix", "sample_images", "first_layer_weights"}  # fmt: skip


def test_an_image_that_is_not_at_hand_is_left_out(small, small_tables):
    exhibits = make_exhibits(small)["digits"]
    kind = next(kind for kind in CATALOGUE if kind.name == "most_confused")
    few = replace(
        exhibits.pictures,
        confused_index=exhibits.pictures.confused_index[:0],
        confused=exhibits.pictures.confused[:0],
    )
    assert kind.possible(Material(small, small_tables, "digits", exhibits))
    none = Exhibits(few, exhibits.weights, "x")
    assert not kind.possible(Material(small, small_tables, "digits", none))


def test_one_replicate_is_drawn_without_a_band(study_of, tmp_path):
    study = study_of(("digits",), replicates=1, n_test=200)
    drawn = {figure.kind.name: figure for figure in draw_figures(study, analyse(study), tmp_path)}
    assert "no band" in drawn["learning_curves"].alt


def test_colours_never_carry_a_meaning_alone(small, small_tables):
    # Okabe and Ito's palette, and a marker for every colour of the cycle.
    assert CYCLE[:2] == ("#0072B2", "#D55E00")
    assert len(MARKERS) == len(set(MARKERS)) == len(CYCLE)
    kind = next(kind for kind in CATALOGUE if kind.name == "effect_forest")
    material = Material(small, small_tables, "digits", Exhibits())
    axes = kind.draw(new_axes(7, 4), material)
    said = [text.get_text() for text in axes.texts]
    for verdict in set(small_tables["effects"]["verdict"]):
        assert verdict in said


def test_a_hostile_name_stays_text_in_the_drawing(study_of, tmp_path):
    evil = "</svg><script>alert(1)</script>$x$"
    study = study_of(("digits",), n_test=200, on=evil)
    for figure in draw_figures(study, analyse(study), tmp_path):
        assert "<script" not in figure.svg.read_text()
        ElementTree.parse(figure.svg)
