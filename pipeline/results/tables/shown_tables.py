"""The tables that Markdown, LaTeX and the page show, each declared once."""

from __future__ import annotations

from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import Tables
from pipeline.results.tables.captions import (
    SHARES_CAPTION,
    comparison_caption,
    secondary_caption,
    statistics_caption,
    with_without_caption,
)
from pipeline.results.tables.column import Shown
from pipeline.results.tables.comparison_table import comparison_columns, in_order
from pipeline.results.tables.statistics import shares_columns, statistics_columns
from pipeline.results.tables.with_without_table import (
    judged,
    secondary_columns,
    with_without_columns,
)


def shown_tables(results: StudyResults, tables: Tables) -> dict[str, Shown]:
    """Return `cells`, `sides`, `secondary`, `statistics` and `shares` of all datasets."""
    measure, effects = results.measure, tables["effects"]
    return {
        "cells": Shown(
            "Every cell beside the baseline",
            comparison_caption(results),
            comparison_columns(results),
            in_order(tables["cells"], sign=measure.response.sign),
        ),
        "sides": Shown(
            "With and without each component",
            with_without_caption(results, effects),
            with_without_columns(measure),
            judged(tables["with_without"], effects),
        ),
        "secondary": Shown(
            "By other measures",
            secondary_caption(results),
            secondary_columns(results),
            tables["secondary"],
        ),
        "statistics": Shown(
            "The statistics behind each verdict",
            statistics_caption(results, effects),
            statistics_columns(measure),
            effects,
        ),
        "shares": Shown(
            "Alone, on top of the others, and in all",
            SHARES_CAPTION,
            shares_columns(measure),
            effects,
        ),
    }
