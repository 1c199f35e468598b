"""Every figure of a study: drawn once, the same each time, saying n and its interval."""

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from PIL import Image

from pipeline.results.figures.gallery import CATALOGUE, TRACES, draw, draw_figures
from pipeline.results.figures.material import Exhibits, Material
from pipeline.results.figures.style import CYCLE, MARKERS, SETTINGS, VERDICTS, head_points
from pipeline.results.tables.analyse import analyse
from tests.pipeline.conftest import EVIL, make_exhibits, without

KINDS = {kind.name: kind for kind in CATALOGUE}


@pytest.fixture
def style():
    with mpl.rc_context(SETTINGS):
        yield


def test_every_kind_is_drawn_as_svg_and_png(drawn):
    assert [figure.kind for figure in drawn] == list(CATALOGUE)
    for figure in drawn:
        assert ElementTree.parse(figure.svg).getroot().tag.endswith("svg")
        with Image.open(figure.png) as picture:
            assert picture.mode == "P"
            assert picture.width == 720
        assert figure.svg.stem == figure.png.stem == f"{figure.kind.name}_digits"


def test_files_are_small(drawn):
    assert sum(figure.png.stat().st_size for figure in drawn) < 700_000
    assert sum(figure.svg.stat().st_size for figure in drawn) < 500_000


def test_each_figure_is_traced_to_the_runs_it_rests_on(small, drawn):
    traces = json.loads((drawn[0].svg.parent.parent / TRACES).read_text(encoding="utf-8"))
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
    some = [KINDS[name] for name in ("effect_forest", "most_confused", "learning_rate_ledger")]
    again = draw_figures(small, small_tables, tmp_path / "figures", make_exhibits(small), some)
    before = {figure.kind.name: figure for figure in drawn}
    assert len(again) == len(some)
    for figure in again:
        assert figure.svg.read_bytes() == before[figure.kind.name].svg.read_bytes()
        assert figure.png.read_bytes() == before[figure.kind.name].png.read_bytes()


def test_no_figure_asks_for_anything_from_outside(drawn):
    for figure in drawn:
        text = figure.svg.read_text(encoding="utf-8")
        assert "<script" not in text
        assert not re.search(r'href="(?!#|data:)', text)


COUNTED = KINDS.keys() - {"first_layer_weights", "sample_images", "conclusion_flip"}
WITH_INTERVAL = {
    **dict.fromkeys(("effect_forest", "learning_curves", "accuracy_cost"), "95 % interval"),
    **dict.fromkeys(("run_time", "component_times"), "95 % interval"),
    "step_cost": "interval (Student's t over processes)",
}


def test_a_figure_says_its_n_and_its_interval(drawn):
    for figure in drawn:
        if figure.kind.name in COUNTED:
            assert re.search(r"n = \d", figure.caption), figure.caption
        assert WITH_INTERVAL.get(figure.kind.name, "") in figure.caption


def test_figures_that_are_no_longer_drawn_are_deleted(small, small_tables, tmp_path):
    stale, own = tmp_path / "effect_forest_mnist.svg", tmp_path / "notes.svg"
    stale.write_text("old", encoding="utf-8")
    own.write_text("the user's", encoding="utf-8")
    draw_figures(small, small_tables, tmp_path, {}, [KINDS["variance_shares"]])
    assert not stale.exists()
    assert own.read_text(encoding="utf-8") == "the user's"


def test_without_images_weights_times_or_tuning_the_rest_is_possible(small):
    bare = without(small, "history", "predictions", "tuning", "step_cost")
    material = Material(bare, analyse(bare), "digits", Exhibits())
    names = {kind.name for kind in CATALOGUE if draw(kind, material)}
    assert names == {"effect_forest", "accuracy_cost", "interaction_heatmap", "variance_shares",
                     "run_time"}  # fmt: skip


def test_an_image_that_is_not_at_hand_is_left_out(small, small_tables):
    exhibits = make_exhibits(small)["digits"]
    kind = KINDS["most_confused"]
    few = replace(
        exhibits.pictures,
        confused_index=exhibits.pictures.confused_index[:0],
        confused=exhibits.pictures.confused[:0],
    )
    assert draw(kind, Material(small, small_tables, "digits", exhibits))
    none = Exhibits(few, exhibits.weights, "x")
    assert draw(kind, Material(small, small_tables, "digits", none)) is None


def test_one_replicate_is_drawn_without_a_band(study_of, style):
    study = study_of(("digits",), replicates=1, n_test=200)
    material = Material(study, analyse(study), "digits", Exhibits())
    for name, words in {"learning_curves": "no band", "run_time": "no interval"}.items():
        assert words in draw(KINDS[name], material)[-1]


def test_a_drawing_grows_by_its_heading_and_no_line_is_cut(small, small_tables, style):
    material = Material(small, small_tables, "digits", Exhibits())
    figure, *_ = draw(KINDS["component_times"], material)
    # Six rows of half an inch, and a heading and caption of more than one.
    assert figure.get_figheight() > 3.85 + 1
    assert head_points(figure) > 72
    figure.canvas.draw()
    width = figure.get_figwidth() * figure.dpi
    for text in figure.texts:
        assert text.get_window_extent().x1 <= width, text.get_text()


def test_colours_never_carry_a_meaning_alone(drawn):
    # Okabe and Ito's palette, and a marker for every colour of the cycle.
    assert CYCLE[:2] == ("#0072B2", "#D55E00")
    assert len(MARKERS) == len(set(MARKERS)) == len(CYCLE)
    assert len(set(VERDICTS.values())) == len(VERDICTS)


def test_a_hostile_name_stays_text_in_the_drawing(evil_drawn):
    assert len(evil_drawn) == 5
    texts = ""
    for figure in evil_drawn:
        root = ElementTree.fromstring(figure.svg.read_text(encoding="utf-8"))
        names = {node.tag.rpartition("}")[2] for node in root.iter()}
        assert not names & {"script", "img", "foreignObject"}
        assert not [key for node in root.iter() for key in node.attrib if key.startswith("on")]
        texts += "".join(root.itertext())
    assert EVIL[:20] in texts
