"""Ready views of the UI: which columns, in which order, how wide, and the link to them.

The format is MLflow's own and undocumented (read from the UI of 3.17, where *Share* writes
it); a UI that does not know it shows its default view and says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pipeline.tracking.charts import chart_state
from pipeline.tracking.layout import cells_experiment, model_name, runs_experiment

VIEW = "knockout"
_PREFIX = "mlflow.sharedViewState."
_NAME, _CREATED, _DURATION = "attributes.`Run Name`", "runDateAndNestInfo", "duration"
_ACCURACY, _VERDICT = "metrics.`test/accuracy`", "tags.`verdict`"
# Their texts are longer than their titles.
_WIDE = (_VERDICT, "params.`dataset`")
_CELL_METRICS = (
    "test/accuracy",
    "diff/pp",
    "diff/low_pp",
    "diff/high_pp",
    "time/fit_wall_s",
)
_RUN_METRICS = ("test/accuracy", "best/val_accuracy", "best/epoch", "time/fit_wall_s")
_CURVES = ("val/accuracy", "val/loss", "train/accuracy", "train/loss")


def cells_view(study: str, dataset: str, factors: Sequence[str]) -> dict[str, str]:
    """Return the tags of a cells experiment: note and ready view."""
    columns = [*_metrics(_CELL_METRICS), *_params(factors), _VERDICT]
    charts = chart_state(factors, ["diff/pp"], _CURVES, n_runs=100)
    note = (
        f"Cells of study {study} on {dataset}: the means of each cell's replicates, which are in "
        f"`{runs_experiment(study, dataset)}`; diff/pp is against the baseline."
    )
    return _tags(columns, note, charts | {"runsHiddenMode": "SHOW_ALL"})


def runs_view(study: str, dataset: str, factors: Sequence[str]) -> dict[str, str]:
    """Return the tags of a replicates experiment: note and ready view."""
    columns = [*_metrics(_RUN_METRICS), *_params((*factors, "replicate"))]
    charts = chart_state(factors, ["test/errors"], _CURVES, n_runs=100)
    note = (
        f"Runs of study {study} on {dataset}: one per cell and replicate. "
        f"Means and verdicts are in `{cells_experiment(study, dataset)}`."
    )
    return _tags(columns, note, charts | {"runsHiddenMode": "FIRST_20_RUNS"})


def champions_view(study: str, factors: Sequence[str]) -> dict[str, str]:
    """Return the tags of the champions experiment: note and ready view."""
    columns = [*_metrics(("test/accuracy", "best/val_accuracy")), *_params(("dataset", *factors))]
    charts = chart_state(factors, ["test/accuracy"], (), n_runs=10)
    note = (
        f"Champions of study {study}: one run per registered network, the model among its "
        f"artifacts. Registered as `{model_name(study, 'DATASET')}`, alias `champion`."
    )
    return _tags(columns, note, charts | {"runsHiddenMode": "SHOW_ALL"})


def view_link(base: str, experiment_id: str) -> str:
    """Return the address of an experiment's ready view.

    >>> view_link("http://127.0.0.1:5000", "3")
    'http://127.0.0.1:5000/#/experiments/3/runs?workflowType=machine_learning&viewStateShareKey=knockout'
    """
    query = f"workflowType=machine_learning&viewStateShareKey={quote(VIEW)}"
    return f"{base.rstrip('/')}/#/experiments/{experiment_id}/runs?{query}"


def chart_link(base: str, experiment_id: str) -> str:
    """Return the address of an experiment's ready view with the charts beside the list."""
    return f"{view_link(base, experiment_id)}&compareRunsMode=CHART"


def _params(names: Sequence[str]) -> list[str]:
    return [f"params.`{name}`" for name in names]


def _metrics(names: Sequence[str]) -> list[str]:
    return [f"metrics.`{name}`" for name in names]


def _tags(columns: list[str], note: str, further: Mapping[str, Any]) -> dict[str, str]:
    order = [_NAME, *columns, _CREATED, _DURATION]
    state: dict[str, Any] = {
        "searchFilter": "",
        "orderByKey": _ACCURACY,
        "orderByAsc": False,
        "startTime": "ALL",
        "lifecycleFilter": "Active",
        "datasetsFilter": [],
        "modelVersionFilter": "All Runs",
        "selectedColumns": columns,
        "columnOrder": order,
        "columnWidths": {name: _width(name) for name in order},
        "hideEmptyCharts": True,
        "groupBy": None,
        **further,
    }
    return {
        f"{_PREFIX}{VIEW}": json.dumps(state, sort_keys=True),
        "mlflow.note.content": note,
    }


def _width(column: str) -> int:
    """Return a column's width in pixels: its title, beside the arrow of the sorted one."""
    if column == _NAME:
        return 208  # the longest name of the main study's runs
    if column == _CREATED:
        return 130
    if column in _WIDE:
        return 110  # inconclusive, fashion_mnist
    title = column.partition("`")[2].rstrip("`") or column
    return 7 * len(title) + (40 if column == _ACCURACY else 26)
