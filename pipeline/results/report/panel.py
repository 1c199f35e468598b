"""Everything that the page shows of one dataset."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.results.answer import dataset_answer, pair_sentences
from pipeline.results.figures.gallery import GROUPS, FigureFile
from pipeline.results.figures.svg import inline
from pipeline.results.report.overview import anchor
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.tables import comparison_table, component_tables
from pipeline.results.tables.comparison_table import ladder
from pipeline.results.tables.shown import Column, Shown, to_csv, to_latex
from pipeline.results.text.estimates import CHANGE
from pipeline.results.text.titles import dataset_title

STRIP = 120.0
Strip = dict[str, float]
# What matters most comes first: a phone shows three columns at once.
_FIRST = ("component", "cell", "verdict", "difference", "effect")


def panels(
    results: StudyResults,
    tables: Tables,
    findings: Sequence[Mapping[str, Any]],
    figures: Sequence[FigureFile],
) -> list[dict[str, Any]]:
    """Return each measured dataset's part of the page; `findings` are those of `verdicts`."""
    cells = comparison_table.comparison(results, tables)
    sides, *further = (show(results, tables) for show in component_tables.TABLES)
    # The cell's name says its levels.
    levels = {factor.name for factor in results.study.factors}
    cells = replace(cells, columns=[c for c in cells.columns if c.head not in levels])
    pairs = tables["interactions"]

    def panel(dataset: str) -> dict[str, Any]:
        changes = sides.rows.loc[sides.rows["dataset"] == dataset, list(CHANGE)].to_numpy(float)
        own = (row for row in findings if row["dataset"] == dataset)
        return {
            "name": dataset,
            "title": dataset_title(dataset),
            "answer": dataset_answer(results, tables, dataset),
            "ladder": ladder(results, tables, dataset),
            "sides": page_table(sides, dataset, strips(changes, results.study.margin(dataset))),
            "findings": [{**row, "anchor": anchor(results, row)} for row in own],
            "figures": _grouped([figure for figure in figures if figure.dataset == dataset]),
            "statistics": [page_table(table, dataset) for table in further if len(table.rows)],
            "pairs": pair_sentences(pairs[pairs["dataset"] == dataset], results.measure),
            "cells": page_table(cells, dataset),
        }

    return [panel(dataset) for dataset in results.measured]


def page_table(shown: Shown, dataset: str, strips: Sequence[Strip] = ()) -> dict[str, Any]:
    """Return a dataset's part of a table for the template, and addresses that hold it as files.

    A strip is drawn beside the difference of each row. The column that names the dataset is left
    out, and numbers of which nothing is known.
    """
    rows = shown.rows[shown.rows["dataset"] == dataset]
    columns = [
        column
        for column in shown.columns
        if column.head != "dataset" and (not column.value or rows[column.value].notna().any())
    ]
    own = replace(shown, columns=columns, rows=rows)
    # Every use of them rounds each number anew.
    texts = own.texts
    caption = f"{shown.heading} · {dataset_title(dataset)}"
    return {
        "name": f"{dataset}-{shown.name}",
        "heading": shown.heading,
        "caption": caption,
        "about": shown.about,
        "columns": sorted(columns, key=_place),
        "rows": list(zip(rows.to_dict("records"), strips or [{}] * len(rows), strict=True)),
        "csv": _address("csv", to_csv(texts)),
        "latex": _address("plain", to_latex(texts, caption=caption, numeric=own.numeric)),
    }


def _place(column: Column) -> int:
    name = column.head.partition(" (")[0]
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _address(kind: str, text: str) -> str:
    return f"data:text/{kind};charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"


def strips(estimates: NDArray[np.float64], margin: float) -> list[Strip]:
    """Place estimates with their ends, shape (n, 3), on one strip; nothing of an unknown one.

    Positions go from 0 to `STRIP`. It spans all intervals, zero and the equivalence margin, which
    is drawn as a band; without an interval low equals high.
    """
    known = estimates[np.isfinite(estimates)]
    low, high = min(known.min(initial=0.0), -margin), max(known.max(initial=0.0), margin)
    pad = 0.04 * (high - low)

    def place(x: float) -> float:
        return round(float(STRIP * (x - low + pad) / (high - low + 2 * pad)), 1)

    drawn = []
    for value, *ends in estimates:
        left, right = (end if np.isfinite(end) else value for end in ends)
        spots = {"zero": 0, "margin_low": -margin, "margin_high": margin}
        spots |= {"low": left, "high": right, "value": value}
        drawn.append({name: place(x) for name, x in spots.items()} if np.isfinite(value) else {})
    return drawn


def _grouped(figures: Sequence[FigureFile]) -> list[tuple[str, list[tuple[FigureFile, str, str]]]]:
    """Return the figures, each with id and drawing, under the headings that they fold under."""
    groups = []
    for heading, kinds in GROUPS.items():
        members = []
        for figure in figures:
            if figure.kind in kinds:
                name = re.sub(r"\W", "-", figure.svg.stem)
                members.append((figure, name, inline(figure.svg.read_text(encoding="utf-8"), name)))
        groups.append((heading, members))
    return [group for group in groups if group[1]]
