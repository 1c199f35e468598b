"""Everything that the page shows of one dataset."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.results.answer import dataset_answer
from pipeline.results.figures.catalogue import GROUPS
from pipeline.results.figures.gallery import FigureFile
from pipeline.results.figures.svg import inline
from pipeline.results.report.glyph import glyphs
from pipeline.results.report.overview import anchor
from pipeline.results.report.table_view import TableView, table_view
from pipeline.results.study_results import StudyResults
from pipeline.results.tables import comparison_table, with_without_table
from pipeline.results.tables.analyse import Tables
from pipeline.results.tables.captions import SHARES_CAPTION, secondary_caption, statistics_caption
from pipeline.results.tables.ladder import ladder
from pipeline.results.tables.secondary_table import secondary_columns
from pipeline.results.tables.statistics import (
    pair_sentences,
    shares_columns,
    statistics_columns,
)
from pipeline.results.text.titles import dataset_title

_DIFFERENCE = ["difference_pp", "ci_low_pp", "ci_high_pp"]


def panel(
    results: StudyResults,
    tables: Tables,
    findings: Sequence[dict[str, Any]],
    figures: Sequence[FigureFile],
    dataset: str,
) -> dict[str, Any]:
    """Return a dataset's part of the page.

    Parameters
    ----------
    results, tables
        The study.
    findings : sequence of mapping
        The components of `verdicts`.
    figures : sequence of FigureFile
        All figures of the study.
    dataset : str
        Which dataset.
    """
    effects, measure = _of(tables["effects"], dataset), results.measure
    tests, shares = statistics_columns(measure), shares_columns(measure)
    return {
        "name": dataset,
        "title": dataset_title(dataset),
        "answer": dataset_answer(results, tables, dataset),
        "ladder": ladder(results, tables, dataset),
        "sides": _sides(results, tables, dataset),
        "findings": [
            {**row, "anchor": anchor(results, row)} for row in findings if row["dataset"] == dataset
        ],
        "figures": _grouped([figure for figure in figures if figure.dataset == dataset]),
        "statistics": [
            *_secondary(results, tables, dataset),
            (
                "The statistics behind each verdict",
                statistics_caption(results, tables["effects"]),
                table_view(f"{dataset}-statistics", dataset_title(dataset), tests, effects),
            ),
            (
                "Alone, on top of the others, and in all",
                SHARES_CAPTION,
                table_view(f"{dataset}-shares", dataset_title(dataset), shares, effects),
            ),
        ],
        "pairs": pair_sentences(_of(tables["interactions"], dataset), measure),
        "cells": _cells(results, tables, dataset),
    }


def _secondary(
    results: StudyResults, tables: Tables, dataset: str
) -> list[tuple[str, str, TableView]]:
    rows, heading = _of(tables["secondary"], dataset), "By other measures"
    if rows.empty:
        return []
    title = f"{heading} · {dataset_title(dataset)}"
    view = table_view(f"{dataset}-secondary", title, secondary_columns(results), rows)
    return [(heading, secondary_caption(results), view)]


def _of(table: pd.DataFrame, dataset: str) -> pd.DataFrame:
    return table[table["dataset"] == dataset].reset_index(drop=True)


def _sides(results: StudyResults, tables: Tables, dataset: str) -> TableView:
    rows = _of(with_without_table.judged(tables["with_without"], tables["effects"]), dataset)
    drawn = glyphs(rows[_DIFFERENCE].to_numpy(float), results.study.margin(dataset))
    title = f"With and without each component · {dataset_title(dataset)}"
    columns = with_without_table.with_without_columns(results.measure)
    return table_view(f"{dataset}-sides", title, columns, rows, drawn)


def _cells(results: StudyResults, tables: Tables, dataset: str) -> TableView:
    sign = results.measure.response.sign
    rows = _of(comparison_table.in_order(tables["cells"], sign=sign), dataset)
    columns = comparison_table.comparison_columns(results)
    # The cell's name says its levels.
    levels = {factor.name for factor in results.study.factors}
    shown = [column for column in columns if column.head not in levels]
    title = f"Every cell beside the baseline · {dataset_title(dataset)}"
    return table_view(f"{dataset}-cells", title, shown, rows)


def _grouped(figures: Sequence[FigureFile]) -> list[tuple[str, list[dict[str, str]]]]:
    """Return the figures under the headings that they fold under."""
    groups = [
        (heading, [_figure(figure) for figure in figures if figure.kind in kinds])
        for heading, kinds in GROUPS.items()
    ]
    return [(heading, members) for heading, members in groups if members]


def _figure(figure: FigureFile) -> dict[str, str]:
    identity = re.sub(r"\W", "-", figure.svg.stem)
    return {
        "id": identity,
        "file": figure.svg.name,
        "heading": figure.heading,
        "about": figure.kind.about,
        "caption": figure.caption,
        "drawing": inline(figure.svg.read_text(encoding="utf-8"), identity),
    }
