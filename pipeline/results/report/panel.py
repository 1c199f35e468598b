"""Everything that the page shows of one dataset."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.results.answer import dataset_answer
from pipeline.results.figures.catalogue import GROUPS
from pipeline.results.figures.gallery import FigureFile
from pipeline.results.figures.svg import inline
from pipeline.results.report.glyph import glyphs
from pipeline.results.report.overview import anchor
from pipeline.results.report.table_view import table_view
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import Tables
from pipeline.results.tables.column import Shown
from pipeline.results.tables.ladder import ladder
from pipeline.results.tables.statistics import pair_sentences
from pipeline.results.text.titles import dataset_title

_DIFFERENCE = ["difference_pp", "ci_low_pp", "ci_high_pp"]


def panel(
    results: StudyResults,
    tables: Tables,
    shown: Mapping[str, Shown],
    findings: Sequence[dict[str, Any]],
    figures: Sequence[FigureFile],
    dataset: str,
) -> dict[str, Any]:
    """Return a dataset's part of the page.

    `shown` is from `shown_tables`, `findings` are the components of `verdicts`; they and the
    figures are those of all datasets.
    """
    sides, cells = shown["sides"], shown["cells"]
    differences = sides.rows.loc[sides.rows["dataset"] == dataset, _DIFFERENCE].to_numpy(float)
    # The cell's name says its levels.
    levels = {factor.name for factor in results.study.factors}
    named = [column for column in cells.columns if column.head not in levels]
    pairs, own = tables["interactions"], [row for row in findings if row["dataset"] == dataset]
    return {
        "name": dataset,
        "title": dataset_title(dataset),
        "answer": dataset_answer(results, tables, dataset),
        "ladder": ladder(results, tables, dataset),
        "sides": table_view(sides, dataset, glyphs(differences, results.study.margin(dataset))),
        "findings": [{**row, "anchor": anchor(results, row)} for row in own],
        "figures": _grouped([figure for figure in figures if figure.dataset == dataset]),
        "statistics": [
            table_view(shown[name], dataset)
            for name in ("secondary", "statistics", "shares")
            if len(shown[name].rows)
        ],
        "pairs": pair_sentences(pairs[pairs["dataset"] == dataset], results.measure),
        "cells": table_view(replace(cells, columns=named), dataset),
    }


def _grouped(figures: Sequence[FigureFile]) -> list[tuple[str, list[tuple[FigureFile, str, str]]]]:
    """Return the figures, each with id and drawing, under the headings that they fold under."""
    groups: dict[str, list[tuple[FigureFile, str, str]]] = {heading: [] for heading in GROUPS}
    for figure in figures:
        name = re.sub(r"\W", "-", figure.svg.stem)
        drawing = inline(figure.svg.read_text(encoding="utf-8"), name)
        heading = next(heading for heading, kinds in GROUPS.items() if figure.kind in kinds)
        groups[heading].append((figure, name, drawing))
    return [(heading, members) for heading, members in groups.items() if members]
