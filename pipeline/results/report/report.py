"""Write the report: the template filled with the study's sections."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2
import markupsafe

from pipeline import atomic
from pipeline.results.answer import answer
from pipeline.results.figures.gallery import FigureFile
from pipeline.results.report.method import method
from pipeline.results.report.statistics_view import shares_views, statistics_views
from pipeline.results.report.summary import environment_rows, headline, run_rows, unavailable
from pipeline.results.report.table_view import (
    comparison_view,
    findings_view,
    with_without_views,
)
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import Tables
from pipeline.results.tables.captions import SHARES_CAPTION, comparison_caption, statistics_caption
from pipeline.results.tables.statistics import pair_sentences
from pipeline.results.text.titles import dataset_title

_HERE = Path(__file__).parent


def write_report(
    results: StudyResults, tables: Tables, figures: Sequence[FigureFile], out: Path
) -> Path:
    """Write `index.html`: one file that needs no network and no other file.

    Parameters
    ----------
    results : StudyResults
        What the study's stages left.
    tables : dict
        From `write_answers`.
    figures : sequence of FigureFile
        From `draw_figures`; their SVG is put into the page.
    out : Path
        The reports folder.

    Returns
    -------
    Path
        The file. The same inputs give the same bytes.
    """
    content = {
        **headline(results, tables),
        "answer": _answer(results, tables),
        "with_without": with_without_views(results, tables),
        "disturbed": _disturbed(tables),
        "findings": findings_view(results, tables),
        "comparison": comparison_view(results, tables),
        "statistics": _statistics(results, tables),
        "comparison_caption": comparison_caption(results),
        "sections": _sections(figures),
        "method": method(results, tables),
        "runs": run_rows(tables),
        "unavailable": unavailable(results),
        "environment": environment_rows(results),
        "style": (_HERE / "report.css").read_text(encoding="utf-8"),
        "script": (_HERE / "report.js").read_text(encoding="utf-8"),
    }
    path = out / "index.html"
    atomic.write_text(path, _template().render(content))
    return path


def _template() -> jinja2.Template:
    # Every value is escaped: names of cells and levels are the user's.
    loader = jinja2.FileSystemLoader(_HERE)
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = _code
    return environment.get_template("report.html.j2")


def _code(text: str) -> markupsafe.Markup:
    """Escape a sentence and set what stands between backticks as code."""
    pieces = text.split("`")
    marks = [markupsafe.Markup(tag) for tag in ("<code>", "</code>")]
    closed = len(pieces) % 2 == 1
    return markupsafe.Markup("").join(
        piece if i == 0 else (marks[(i + 1) % 2] if closed else "`") + piece
        for i, piece in enumerate(pieces)
    )


def _answer(results: StudyResults, tables: Tables) -> list[dict[str, Any]]:
    """Split "What helps — MNIST: …" into its lead and pieces, the datasets' names set apart."""
    titles = [re.escape(dataset_title(name)) for name in results.datasets]
    # The longest first: one name may end with another.
    names = re.compile(f"({'|'.join(sorted(titles, key=len, reverse=True))}):")
    said = []
    for sentence in answer(results, tables):
        lead, dash, rest = sentence.partition(" — ")
        pieces = names.split(_unbroken(rest if dash else sentence))
        said.append({"lead": lead if dash else "", "pieces": pieces})
    return said


def _disturbed(tables: Tables) -> bool:
    sides = tables["with_without"]
    return len(sides) > 0 and bool(sides["step_disturbed"].any())


def _statistics(results: StudyResults, tables: Tables) -> list[dict[str, Any]]:
    """Return the groups of tables on the effects: heading, what they show, tables, sentences."""
    if tables["effects"].empty:
        return []
    return [
        {
            "heading": "The statistics behind each verdict",
            "about": statistics_caption(results, tables["effects"]),
            "views": statistics_views(tables),
            "sentences": [],
        },
        {
            "heading": "Alone, on top of the others, and in all",
            "about": SHARES_CAPTION,
            "views": shares_views(tables),
            "sentences": pair_sentences(tables["interactions"]),
        },
    ]


def _unbroken(text: str) -> str:
    """Keep a number, its error and its unit on one line."""
    for mark in (" ± ", " %", " pp", "n = "):
        text = text.replace(mark, mark.replace(" ", "\u00a0"))
    return text


def _sections(figures: Sequence[FigureFile]) -> list[dict[str, Any]]:
    return [
        {
            "name": kind.name,
            "label": kind.label,
            "heading": kind.heading,
            "about": kind.about,
            "figures": [
                {
                    "source": _data_uri(figure.svg),
                    "alt": figure.alt,
                    "dataset": dataset_title(figure.dataset),
                    "file": figure.png.name,
                }
                for figure in group
            ],
        }
        for kind, group in groupby(figures, key=lambda figure: figure.kind)
    ]


def _data_uri(svg: Path) -> str:
    # As an image the drawing cannot run scripts nor reach the page's names.
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.read_bytes()).decode()}"
