"""The charts of a ready view, in the form in which MLflow's UI keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_RESULT, _CURVES = "Result", "Learning curves"
_LINES = ("val/accuracy", "val/loss", "train/accuracy", "train/loss")
# Further metrics stand below, folded up, until somebody opens them.
_FOLDED = ("test", "best", "final", "train", "val", "epoch", "diff", "table", "time")


def chart_state(factors: Sequence[str], result: str, bar: str) -> dict[str, Any]:
    """Return the part of a view's state that says which charts it shows.

    The factors in parallel coordinates with the metric `result` that the study judges by, its
    price in seconds, one bar per run of the metric `bar`, and the learning curves; the UI hides
    the charts of which an experiment has no values.
    """
    cards = [
        _card(
            "factors",
            "PARALLEL",
            displayName=f"factors and {result}",
            # The labels of the first axis are cut at the edge; the first factor's are long.
            selectedParams=[*factors[1:], *factors[:1]],
            selectedMetrics=[result],
            showAllRuns=False,
        ),
        _card(
            "cost",
            "SCATTER",
            displayName=f"{result} against seconds",
            xaxis={"key": "time/fit_wall_s", "type": "METRIC"},
            yaxis={"key": result, "type": "METRIC"},
        ),
        _card(bar, "BAR", metricKey=bar, displayName=bar),
        # The first curve fills the square of two by two.
        *(_line(name, _CURVES if i else _RESULT) for i, name in enumerate(_LINES)),
    ]
    sections = [_section(name, shown=True, columns=2) for name in (_RESULT, _CURVES)]
    sections += [_section(name, shown=False, columns=3) for name in _FOLDED]
    return {
        "compareRunCharts": cards,
        "compareRunSections": sections,
        # Otherwise the UI sorts sections by name and the answer stands last.
        "isAccordionReordered": True,
    }


def _line(metric: str, section: str) -> dict[str, Any]:
    return _card(
        metric,
        "LINE",
        section,
        metricKey=metric,
        displayName=metric,
        selectedMetricKeys=[metric],
        lineSmoothness=0,
        displayPoints=False,
        xAxisScaleType="linear",
        scaleType="linear",
        range={},
        xAxisKey="step",
        selectedXAxisMetricKey="",
        yAxisKey="metric",
        yAxisExpressions=[],
        ignoreOutliers=False,
        useGlobalXaxisKey=True,
        useGlobalLineSmoothing=True,
    )


def _card(name: str, kind: str, section: str = _RESULT, **content: Any) -> dict[str, Any]:
    return {
        "uuid": f"knockout-{name}",
        "type": kind,
        "runsCountToCompare": 100,  # as many as the UI loads at a time
        "metricSectionId": _identifier(section),
        "deleted": False,
        "isGenerated": False,
        **content,
    }


def _section(name: str, *, shown: bool, columns: int) -> dict[str, Any]:
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
