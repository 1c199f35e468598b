"""Ready views of the UI: which columns, in which order and how wide, and which charts.

The format is MLflow's own and undocumented (read from the UI of 3.17, where *Share* writes
it, and which fills in what is not said); a UI that does not know it shows its default view and
says so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pipeline.results.text.measure import Measure
from pipeline.tracking.records.metrics import metric_key
from pipeline.tracking.records.names import RUNS, VIEW, experiment, model_name
from pipeline.tracking.records.record import NOTE_TAG

_NAME, _CREATED, _DURATION = "attributes.`Run Name`", "runDateAndNestInfo", "duration"
_VERDICT = "tags.`verdict`"
# The server sorts by no column that the UI calls the run's name.
_BY_NAME = "tags.`mlflow.runName`"
# In pixels. The longest name of the main study's runs; texts that are longer than their titles.
_WIDTHS = {_NAME: 208, _CREATED: 130, "params.`cell`": 180, _VERDICT: 110, "params.`dataset`": 110}
_RESULT, _CURVES = "Result", "Learning curves"
_LINES = ("val/accuracy", "val/loss", "train/accuracy", "train/loss")
# Further metrics stand below, folded up, until somebody opens them.
_FOLDED = ("test", "best", "final", "train", "val", "epoch", "diff", "table", "time")
# A line takes its horizontal axis and its smoothness from the page, as all lines do.
_LINE: dict[str, Any] = {
    "useGlobalXaxisKey": True, "useGlobalLineSmoothing": True, "displayPoints": False,
    "yAxisKey": "metric", "yAxisExpressions": [], "range": {},
}  # fmt: skip


def cells_view(
    study: str, dataset: str, factors: Sequence[str], measure: Measure
) -> dict[str, str]:
    """Return the tags of a cells experiment: note and ready view, led by the best mean."""
    mean = str(metric_key(measure.column))
    metrics = _columns("metrics", mean, "diff/pp", "diff/low_pp", "diff/high_pp", "time/fit_wall_s")
    return _tags(
        f"Cells of study {study} on {dataset}: the means of each cell's replicates, which are in "
        f"`{experiment(study, dataset, RUNS)}`; diff/pp is against the baseline. The study's page "
        f"and the verdict on each component are in `{experiment(study)}`.",
        [*metrics[:-1], _VERDICT, metrics[-1], *_columns("params", *factors)],
        order_by=metrics[0],
        ascending=measure.response.sign < 0,
        **_charts(factors, mean, "diff/pp"),
    )


def runs_view(study: str, dataset: str, factors: Sequence[str], measure: Measure) -> dict[str, str]:
    """Return the tags of a replicates experiment: note and ready view.

    Ordered by name, which begins with the replicate, not by result: the best of many runs is a
    lucky seed, and the hundred runs that the UI loads are whole blocks with every cell in them.
    """
    result, selects = (str(metric_key(name)) for name in (measure.column, measure.validation))
    shown = dict.fromkeys((result, selects, "best/epoch", "time/fit_wall_s"))
    params = _columns("params", "cell", "replicate", *factors)
    return _tags(
        f"Runs of study {study} on {dataset}: one per cell and replicate, block by block; means "
        f"and verdicts are in `{experiment(study, dataset)}`. MLflow loads 100 at a time: *Load "
        "more* stands below the list.",
        [*params[:2], *_columns("metrics", *shown), *params[2:]],
        order_by=_BY_NAME,
        runsHiddenMode="FIRST_20_RUNS",
        **_charts(factors, result, "test/errors"),
    )


def champions_view(study: str, factors: Sequence[str], response: str) -> dict[str, str]:
    """Return the tags of the champions experiment: note and ready view."""
    result = str(metric_key(response))
    columns = [*_columns("metrics", result), *_columns("params", "dataset", *factors)]
    return _tags(
        f"Champions of study {study}: one run per registered network, the model among its "
        f"artifacts. Registered as `{model_name(study, 'DATASET')}`, alias `champion`.",
        columns,
        order_by=columns[0],
        ascending=False,
        **_charts(factors, result, result),
    )


def study_view(study: str) -> dict[str, str]:
    """Return the tags of the experiment that holds the study's answer: note and ready view."""
    return _tags(
        f"Study {study}: one run, whose note has the verdict on each component and whose artifact "
        "is the whole page. Its cells and replicates are in the experiments below this name.",
        _columns("params", "response", "datasets"),
        order_by=_BY_NAME,
    )


def _columns(kind: str, *names: str) -> list[str]:
    return [f"{kind}.`{name}`" for name in names]


def _tags(
    note: str, columns: list[str], *, order_by: str, ascending: bool = True, **further: Any
) -> dict[str, str]:
    def width(column: str) -> int:
        """That of its title, beside the arrow of the sorted one."""
        title = column.partition("`")[2].rstrip("`") or column
        return _WIDTHS.get(column, 7 * len(title) + (40 if column == order_by else 26))

    order = [_NAME, *columns, _CREATED, _DURATION]
    state = {
        "selectedColumns": columns,
        "columnOrder": order,
        "columnWidths": {name: width(name) for name in order},
        "orderByKey": order_by,
        "orderByAsc": ascending,
        "runsHiddenMode": "SHOW_ALL",
        **further,
    }
    return {f"mlflow.sharedViewState.{VIEW}": json.dumps(state, sort_keys=True), NOTE_TAG: note}


def _charts(factors: Sequence[str], result: str, bar: str) -> dict[str, Any]:
    """Return the part of a view's state that says which charts it shows.

    The factors in parallel coordinates with the metric `result` that the study judges by, its
    price in seconds, one bar per run of the metric `bar`, and the learning curves; the UI hides
    the charts of which an experiment has no values.
    """
    price, response = ({"key": k, "type": "METRIC"} for k in ("time/fit_wall_s", result))
    # The labels of the first axis are cut at the edge; the first factor's are long.
    axes = {"selectedParams": [*factors[1:], *factors[:1]], "selectedMetrics": [result]}
    cards = [
        _card("factors", "PARALLEL", f"factors and {result}", **axes, showAllRuns=False),
        _card("cost", "SCATTER", f"{result} against seconds", xaxis=price, yaxis=response),
        _card(bar, "BAR", bar, metricKey=bar),
        *(_card(n, "LINE", n, metricKey=n, selectedMetricKeys=[n], **_LINE) for n in _LINES),
    ]
    # The first curve fills the square of two by two.
    for card in cards[4:]:
        card["metricSectionId"] = _section(_CURVES)
    return {
        "compareRunCharts": cards,
        "compareRunSections": [
            {"uuid": _section(name), "name": name, "display": open_, "columns": 2 if open_ else 3}
            for names, open_ in (((_RESULT, _CURVES), True), (_FOLDED, False))
            for name in names
        ],
        # Otherwise the UI sorts sections by name and the answer stands last.
        "isAccordionReordered": True,
    }


def _card(name: str, kind: str, title: str, **content: Any) -> dict[str, Any]:
    return {
        "uuid": f"knockout-{name}",
        "type": kind,
        "displayName": title,
        "metricSectionId": _section(_RESULT),
        "runsCountToCompare": 100,  # as many as the UI loads at a time
        **content,
    }


def _section(name: str) -> str:
    return f"knockout-section-{name.lower().replace(' ', '-')}"
