"""Ready views of the UI: which columns, in which order, how wide.

The format is MLflow's own and undocumented (read from the UI of 3.17, where *Share* writes
it); a UI that does not know it shows its default view and says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.results.text.measure import Measure
from pipeline.tracking.records.links import VIEW
from pipeline.tracking.records.metrics import metric_key
from pipeline.tracking.records.names import cells_experiment, model_name, runs_experiment
from pipeline.tracking.records.record import NOTE_TAG
from pipeline.tracking.views.charts import chart_state

_PREFIX = "mlflow.sharedViewState."
_NAME, _CREATED, _DURATION = "attributes.`Run Name`", "runDateAndNestInfo", "duration"
_VERDICT = "tags.`verdict`"
# Their texts are longer than their titles.
_WIDE = (_VERDICT, "params.`dataset`")
_CURVES = ("val/accuracy", "val/loss", "train/accuracy", "train/loss")
# The UI loads so many runs at a time and charts no more.
_LOADED = 100


def cells_view(
    study: str, dataset: str, factors: Sequence[str], measure: Measure
) -> dict[str, str]:
    """Return the tags of a cells experiment: note and ready view, led by the best mean."""
    mean = str(metric_key(measure.column))
    shown = _metrics((mean, "diff/pp", "diff/low_pp", "diff/high_pp", "time/fit_wall_s"))
    columns = [*shown, *_params(factors), _VERDICT]
    charts = chart_state(factors, mean, ["diff/pp"], _CURVES, n_runs=_LOADED)
    note = (
        f"Cells of study {study} on {dataset}: the means of each cell's replicates, which are in "
        f"`{runs_experiment(study, dataset)}`; diff/pp is against the baseline. The study's page "
        f"and the verdict on each component are in `knockout/{study}`."
    )
    order = {"orderByKey": shown[0], "orderByAsc": measure.response.sign < 0}
    return _tags(columns, note, charts | order | {"runsHiddenMode": "SHOW_ALL"})


def runs_view(study: str, dataset: str, factors: Sequence[str], measure: Measure) -> dict[str, str]:
    """Return the tags of a replicates experiment: note and ready view.

    Ordered by cell, not by result: the best of many runs is a lucky seed.
    """
    result, selects = (str(metric_key(name)) for name in (measure.column, measure.validation))
    shown = dict.fromkeys((result, selects, "best/epoch", "time/fit_wall_s"))
    columns = [*_params(("cell", "replicate")), *_metrics(tuple(shown)), *_params(factors)]
    charts = chart_state(factors, result, ["test/errors"], _CURVES, n_runs=_LOADED)
    note = (
        f"Runs of study {study} on {dataset}: one per cell and replicate, cell by cell; means and "
        f"verdicts are in `{cells_experiment(study, dataset)}`. MLflow loads {_LOADED} at a time: "
        "*Load more* stands below the list."
    )
    order = {"orderByKey": "params.`cell`", "orderByAsc": True}
    return _tags(columns, note, charts | order | {"runsHiddenMode": "FIRST_20_RUNS"})


def champions_view(study: str, factors: Sequence[str], response: str) -> dict[str, str]:
    """Return the tags of the champions experiment: note and ready view."""
    result = str(metric_key(response))
    columns = [*_metrics((result,)), *_params(("dataset", *factors))]
    charts = chart_state(factors, result, [result], (), n_runs=10)
    note = (
        f"Champions of study {study}: one run per registered network, the model among its "
        f"artifacts. Registered as `{model_name(study, 'DATASET')}`, alias `champion`."
    )
    order = {"orderByKey": f"metrics.`{result}`", "orderByAsc": False}
    return _tags(columns, note, charts | order | {"runsHiddenMode": "SHOW_ALL"})


def study_view(study: str) -> dict[str, str]:
    """Return the tags of the experiment that holds the study's answer: note and ready view."""
    note = (
        f"Study {study}: one run, whose note has the verdict on each component and whose artifact "
        "is the whole page. Its cells and replicates are in the experiments below this name."
    )
    columns = _params(("response", "datasets"))
    order = {"orderByKey": _NAME, "orderByAsc": True}
    return _tags(columns, note, order | {"runsHiddenMode": "SHOW_ALL"})


def _params(names: Sequence[str]) -> list[str]:
    return [f"params.`{name}`" for name in names]


def _metrics(names: Sequence[str]) -> list[str]:
    return [f"metrics.`{name}`" for name in names]


def _tags(columns: list[str], note: str, further: Mapping[str, Any]) -> dict[str, str]:
    order = [_NAME, *columns, _CREATED, _DURATION]
    state: dict[str, Any] = {
        "searchFilter": "",
        "startTime": "ALL",
        "lifecycleFilter": "Active",
        "datasetsFilter": [],
        "modelVersionFilter": "All Runs",
        "selectedColumns": columns,
        "columnOrder": order,
        "columnWidths": {name: _width(name, further["orderByKey"]) for name in order},
        "hideEmptyCharts": True,
        "groupBy": None,
        **further,
    }
    return {
        f"{_PREFIX}{VIEW}": json.dumps(state, sort_keys=True),
        NOTE_TAG: note,
    }


def _width(column: str, sorted_by: str) -> int:
    """Return a column's width in pixels: its title, beside the arrow of the sorted one."""
    if column == _NAME:
        return 208  # the longest name of the main study's runs
    if column == _CREATED:
        return 130
    if column == "params.`cell`":
        return 180
    if column in _WIDE:
        return 110  # inconclusive, fashion_mnist
    title = column.partition("`")[2].rstrip("`") or column
    return 7 * len(title) + (40 if column == sorted_by else 26)
