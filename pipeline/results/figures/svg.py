"""Drawings as SVG: made small, given hover texts, and set into a page.

Matplotlib leaves the text of a drawing as text (`svg.fonttype: none`). Here names are put where a
pointer finds them, what a drawing need not say is dropped, and inside a page the colours become
variables, so that a drawing follows the page into the dark.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from xml.etree import ElementTree

from matplotlib.artist import Artist

from pipeline.results.figures.style import HEAD, PALETTE

_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_HOVER = "hover:"
_SHAPES = (f"{_SVG}path", f"{_SVG}use")
_FAMILY = re.compile(r"font-family: [^;]*;? ?|(?<=px) '[^;]*")
_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_VARIABLES = {colour.lower(): f"var(--{name},{colour})" for name, colour in PALETTE.items()}


def hover(artist: Artist, texts: Sequence[str]) -> None:
    """Give an artist's marks a text each, or one for all, that a pointer brings up."""
    artist.set_gid(_HOVER + json.dumps(list(texts)))


def tidy(drawing: bytes, head: float) -> str:
    """Return a drawing of Matplotlib's without what nobody needs, hover texts in place.

    Numbers keep two decimals of a point; ids stay where something refers to them; `head` points at
    the top are title and caption.
    """
    ElementTree.register_namespace("", _SVG[1:-1])
    root = ElementTree.fromstring(drawing)
    for part in root.findall(f"{_SVG}metadata"):
        root.remove(part)
    root.set("data-head", f"{head:g}")
    root.set("style", "font-family:'DejaVu Sans',sans-serif")
    used = set(re.findall(r"#(\w+)", drawing.decode()))
    for node in root.iter():
        name = node.get("id", "")
        if name.startswith(_HOVER):
            _add_titles(node, json.loads(name[len(_HOVER) :]))
        if name == HEAD:
            node.set("class", HEAD)
        if name and name not in used:
            del node.attrib["id"]
        _shorten(node)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _add_titles(node: ElementTree.Element, texts: list[str]) -> None:
    marks = [part for part in node.iter() if part.tag in _SHAPES]
    defined = {part for defs in node.iter(f"{_SVG}defs") for part in defs}
    drawn = [part for part in marks if part not in defined]
    places = drawn if len(texts) == len(drawn) > 1 else [node]
    for place, text in zip(places, texts, strict=False):
        title = ElementTree.Element(f"{_SVG}title")
        title.text = text
        place.insert(0, title)


def _shorten(node: ElementTree.Element) -> None:
    if _LINK in node.attrib:
        node.set("href", node.attrib.pop(_LINK))
    if node.get("transform", "").startswith(("rotate(-0 ", "rotate(0 ")):
        del node.attrib["transform"]
    if "style" in node.attrib:
        node.set("style", _FAMILY.sub("", node.attrib["style"]).replace(": ", ":").rstrip("; "))
    for key in ("d", "x", "y"):
        if key in node.attrib:
            rounded = _NUMBER.sub(lambda number: f"{float(number[0]):.2f}", node.attrib[key])
            node.set(key, " ".join(rounded.split()))
    if not (node.text or "").strip():
        node.text = None
    node.tail = None


def inline(drawing: str, name: str) -> str:
    """Return a drawing of `tidy` for the inside of a page, `name` put before every id.

    The page sets title and caption in its own text, and the variables of `PALETTE`.
    """
    ElementTree.register_namespace("", _SVG[1:-1])
    root = ElementTree.fromstring(drawing)
    left, top, width, height = (float(side) for side in root.get("viewBox", "").split())
    head = float(root.attrib.pop("data-head"))
    for parent in list(root.iter()):
        for node in parent.findall(f"{_SVG}g[@class='{HEAD}']"):
            parent.remove(node)
    root.set("viewBox", f"{left:g} {top + head:g} {width:g} {height - head:g}")
    for key in ("width", "height"):
        del root.attrib[key]
    for node in root.iter():
        for key, value in node.attrib.items():
            if key == "id":
                node.set(key, f"{name}-{value}")
            elif key == "href" and value.startswith("#"):
                node.set(key, f"#{name}-{value[1:]}")
            elif key == "clip-path":
                node.set(key, value.replace("#", f"#{name}-"))
            elif key == "style":
                node.set(key, _COLOUR.sub(lambda c: _VARIABLES.get(c[0], c[0]), value))
    return ElementTree.tostring(root, encoding="unicode")
