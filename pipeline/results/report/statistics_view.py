"""The statistics of the component effects as the report's template wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from pipeline.results.report.table_view import TableView, table_view
from pipeline.results.tables import statistics
from pipeline.results.tables.analyse import Tables
from pipeline.results.text.titles import dataset_title

_Statistics = tuple[Mapping[str, str], Callable[[pd.DataFrame], pd.DataFrame]]
_STATISTICS: _Statistics = (statistics.STATISTICS, statistics.statistic_rows)
_SHARES: _Statistics = (statistics.SHARES, statistics.share_rows)


def statistics_views(tables: Tables) -> list[TableView]:
    """Return the statistics behind the verdicts, one table per dataset."""
    return [
        _effects_view(f"statistics-{dataset}", dataset_title(str(dataset)), rows, _STATISTICS)
        for dataset, rows in _by_dataset(tables["effects"])
    ]


def shares_views(tables: Tables) -> list[TableView]:
    """Return what components do alone, on top of the others and in all, one table per dataset."""
    return [
        _effects_view(f"shares-{dataset}", dataset_title(str(dataset)), rows, _SHARES)
        for dataset, rows in _by_dataset(tables["effects"])
    ]


def _by_dataset(effects: pd.DataFrame) -> Iterable[tuple[Any, pd.DataFrame]]:
    return effects.groupby("dataset", sort=False) if len(effects) else ()


def _effects_view(name: str, caption: str, rows: pd.DataFrame, shown: _Statistics) -> TableView:
    """Return a table of effects without the columns that nothing is known of."""
    sources, texts_of = shown
    texts = texts_of(rows)
    columns = [str(c) for c in texts]
    known = [c for c in columns if c not in sources or rows[sources[c]].notna().any()]
    first = [c for c in ("component", "verdict") if c in known]
    order = [*first, *(c for c in known if c not in ("dataset", *first))]
    raw = rows.to_dict("records")
    return table_view(name, caption, order, texts.to_dict("records"), raw, sources, None)
