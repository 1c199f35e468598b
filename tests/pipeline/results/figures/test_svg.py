"""Drawings as SVG: small, with names for the pointer, and coloured by the page."""

import re
from io import BytesIO
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_svg import FigureCanvasSVG

from pipeline.results.figures.style import PALETTE, SETTINGS, head_points, new_figure, say
from pipeline.results.figures.svg import hover, inline, tidy

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def raw() -> tuple[bytes, float]:
    """A drawing with two named points, a named line, a bar, and a heading."""
    with mpl.rc_context(SETTINGS):
        figure = new_figure(2.0)
        axes = figure.add_subplot()
        hover(axes.scatter([1, 2], [2, 1]), ["first <&>", "second"])
        hover(axes.plot([1, 2], [1, 2])[0], ["the line"])
        hover(axes.bar([1], [1])[0], ["the bar"])
        axes.set_xlabel("x <label>")
        say(figure, "A title", "n = 5 and a caption")
        head = head_points(figure)
        content = BytesIO()
        FigureCanvasSVG(figure).print_svg(content)
    return content.getvalue(), head


@pytest.fixture(scope="module")
def drawing(raw: tuple[bytes, float]) -> str:
    return tidy(*raw)


def titles(text: str) -> list[str | None]:
    return [node.text for node in ElementTree.fromstring(text).iter(f"{SVG}title")]


def test_each_point_has_its_own_name_and_a_line_one(drawing: str) -> None:
    assert sorted(map(str, titles(drawing))) == ["first <&>", "second", "the bar", "the line"]
    for node in ElementTree.fromstring(drawing).iter():
        if node.tag == f"{SVG}use":
            assert len(node.findall(f"{SVG}title")) <= 1


def test_text_stays_text_and_what_nobody_needs_goes(drawing: str, raw: tuple[bytes, float]) -> None:
    texts = [node.text for node in ElementTree.fromstring(drawing).iter(f"{SVG}text")]
    assert {"A title", "n = 5 and a caption", "x <label>"} <= set(texts)
    assert len(drawing) < 0.6 * len(raw[0])
    assert "metadata" not in drawing
    assert drawing.count("font-family") == 1
    assert not re.search(r'[ "]-?\d+\.\d{3}', " ".join(re.findall(r' d="([^"]*)"', drawing)))


def test_inside_a_page_the_heading_goes_and_ids_and_colours_are_the_pages(drawing: str) -> None:
    page = inline(drawing, "place")
    assert "A title" not in page
    assert "x &lt;label&gt;" in page
    whole, cut = (
        [float(x) for x in ElementTree.fromstring(text).get("viewBox").split()]  # type: ignore[union-attr]
        for text in (drawing, page)
    )
    assert cut[3] == pytest.approx(2.0 * 72, abs=0.1)
    assert cut[1] + cut[3] == pytest.approx(whole[1] + whole[3])
    ids = set(re.findall(r' id="([^"]*)"', page))
    assert ids
    assert all(name.startswith("place-") for name in ids)
    used = set(re.findall(r'href="#([^"]*)"', page)) | set(re.findall(r"url\(#([^)]*)\)", page))
    assert used <= ids
    for name in ("f-ink", "f-muted", "f-grid"):
        assert f"var(--{name},{PALETTE[name]})" in page


def test_a_page_may_hold_a_drawing_twice(drawing: str) -> None:
    ids = [set(re.findall(r' id="([^"]*)"', inline(drawing, name))) for name in ("a", "b")]
    assert not ids[0] & ids[1]
