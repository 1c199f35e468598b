"""The charts of a ready view, in the form in which MLflow's UI keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

RESULT, CURVES = "Result", "Learning curves"
# Further metrics stand below, folded up, until somebody opens them.
_FOLDED = ("test", "best", "final", "train", "val", "epoch", "diff", "table", "time")


def chart_state(
    factors: Sequence[str],
    result: str,
    bars: Sequence[str],
    curves: Sequence[str],
    *,
    n_runs: int,
) -> dict[str, Any]:
    """Return the part of a view's state that says which charts it shows.

    Parameters
    ----------
    factors : sequence of str
        Params that get an axis in the parallel-coordinates chart.
    result : str
        Metric that the study judges by.
    bars : sequence of str
        Metrics shown as one bar per run.
    curves : sequence of str
        Metrics shown over epochs.
    n_runs : int
        How many runs a chart draws.
    """
    cards = [
        {
            **_card("factors", "PARALLEL", RESULT, n_runs),
            "displayName": f"factors and {result}",
            # The labels of the first axis are cut at the edge; the first factor's are long.
            "selectedParams": [*factors[1:], *factors[:1]],
            "selectedMetrics": [result],
            "showAllRuns": False,
        },
        {
            **_card("cost", "SCATTER", RESULT, n_runs),
            "displayName": f"{result} against seconds",
            "xaxis": {"key": "time/fit_wall_s", "type": "METRIC"},
            "yaxis": {"key": result, "type": "METRIC"},
        },
    ]
    cards += [_metric(name, "BAR", RESULT, n_runs) for name in bars]
    # The first curve fills the square of two by two.
    cards += [
        _metric(name, "LINE", CURVES if i else RESULT, n_runs) for i, name in enumerate(curves)
    ]
    sections = [_section(RESULT, shown=True, columns=2), _section(CURVES, shown=True, columns=2)]
    sections += [_section(name, shown=False) for name in _FOLDED]
    return {
        "compareRunCharts": cards,
        "compareRunSections": sections,
        # Otherwise the UI sorts sections by name and the answer stands last.
        "isAccordionReordered": True,
    }


def _card(name: str, kind: str, section: str, n_runs: int) -> dict[str, Any]:
    return {
        "uuid": f"knockout-{name}",
        "type": kind,
        "runsCountToCompare": n_runs,
        "metricSectionId": _identifier(section),
        "deleted": False,
        "isGenerated": False,
    }


def _metric(name: str, kind: str, section: str, n_runs: int) -> dict[str, Any]:
    card = {**_card(name, kind, section, n_runs), "metricKey": name, "displayName": name}
    if kind == "LINE":
        card |= {
            "selectedMetricKeys": [name],
            "lineSmoothness": 0,
            "displayPoints": False,
            "xAxisScaleType": "linear",
            "scaleType": "linear",
            "range": {},
            "xAxisKey": "step",
            "selectedXAxisMetricKey": "",
            "yAxisKey": "metric",
            "yAxisExpressions": [],
            "ignoreOutliers": False,
            "useGlobalXaxisKey": True,
            "useGlobalLineSmoothing": True,
        }
    return card


def _section(name: str, *, shown: bool, columns: int = 3) -> dict[str, Any]:
    return {
        "columns": columns,
        "uuid": _identifier(name),
        "name": name,
        "display": shown,
        "isReordered": False,
        "deleted": False,
        "isGenerated": False,
    }


def _identifier(section: str) -> str:
    return f"knockout-section-{section.lower().replace(' ', '-')}"
