"""Ready views of the UI: which columns, in which order, how wide.

The format is MLflow's own and undocumented (read from the UI of 3.17, where *Share* writes
it); a UI that does not know it shows its default view and says so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pipeline.results.text.measure import Measure
from pipeline.tracking.records.links import VIEW
from pipeline.tracking.records.metrics import metric_key
from pipeline.tracking.records.names import cells_experiment, model_name, runs_experiment
from pipeline.tracking.records.record import NOTE_TAG
from pipeline.tracking.views.charts import chart_state

_NAME, _CREATED, _DURATION = "attributes.`Run Name`", "runDateAndNestInfo", "duration"
_VERDICT = "tags.`verdict`"
# The server sorts by no column that the UI calls the run's name.
_BY_NAME = "tags.`mlflow.runName`"
# In pixels. The longest name of the main study's runs; texts that are longer than their titles.
_WIDTHS = {_NAME: 208, _CREATED: 130, "params.`cell`": 180, _VERDICT: 110, "params.`dataset`": 110}


def cells_view(
    study: str, dataset: str, factors: Sequence[str], measure: Measure
) -> dict[str, str]:
    """Return the tags of a cells experiment: note and ready view, led by the best mean."""
    mean = str(metric_key(measure.column))
    metrics = _metrics((mean, "diff/pp", "diff/low_pp", "diff/high_pp", "time/fit_wall_s"))
    note = (
        f"Cells of study {study} on {dataset}: the means of each cell's replicates, which are in "
        f"`{runs_experiment(study, dataset)}`; diff/pp is against the baseline. The study's page "
        f"and the verdict on each component are in `knockout/{study}`."
    )
    return _tags(
        note,
        [*metrics[:-1], _VERDICT, metrics[-1], *_params(factors)],
        order_by=metrics[0],
        ascending=measure.response.sign < 0,
        **chart_state(factors, mean, "diff/pp"),
    )


def runs_view(study: str, dataset: str, factors: Sequence[str], measure: Measure) -> dict[str, str]:
    """Return the tags of a replicates experiment: note and ready view.

    Ordered by name, which begins with the replicate, not by result: the best of many runs is a
    lucky seed, and the hundred runs that the UI loads are whole blocks with every cell in them.
    """
    result, selects = (str(metric_key(name)) for name in (measure.column, measure.validation))
    metrics = _metrics(tuple(dict.fromkeys((result, selects, "best/epoch", "time/fit_wall_s"))))
    note = (
        f"Runs of study {study} on {dataset}: one per cell and replicate, block by block; means "
        f"and verdicts are in `{cells_experiment(study, dataset)}`. MLflow loads 100 at a time: "
        "*Load more* stands below the list."
    )
    return _tags(
        note,
        [*_params(("cell", "replicate")), *metrics, *_params(factors)],
        order_by=_BY_NAME,
        runsHiddenMode="FIRST_20_RUNS",
        **chart_state(factors, result, "test/errors"),
    )


def champions_view(study: str, factors: Sequence[str], response: str) -> dict[str, str]:
    """Return the tags of the champions experiment: note and ready view."""
    result = str(metric_key(response))
    note = (
        f"Champions of study {study}: one run per registered network, the model among its "
        f"artifacts. Registered as `{model_name(study, 'DATASET')}`, alias `champion`."
    )
    return _tags(
        note,
        [*_metrics((result,)), *_params(("dataset", *factors))],
        order_by=f"metrics.`{result}`",
        ascending=False,
        **chart_state(factors, result, result),
    )


def study_view(study: str) -> dict[str, str]:
    """Return the tags of the experiment that holds the study's answer: note and ready view."""
    note = (
        f"Study {study}: one run, whose note has the verdict on each component and whose artifact "
        "is the whole page. Its cells and replicates are in the experiments below this name."
    )
    return _tags(note, _params(("response", "datasets")), order_by=_BY_NAME)


def _params(names: Sequence[str]) -> list[str]:
    return [f"params.`{name}`" for name in names]


def _metrics(names: Sequence[str]) -> list[str]:
    return [f"metrics.`{name}`" for name in names]


def _tags(
    note: str, columns: list[str], *, order_by: str, ascending: bool = True, **further: Any
) -> dict[str, str]:
    order = [_NAME, *columns, _CREATED, _DURATION]
    state = {
        "searchFilter": "",
        "startTime": "ALL",
        "lifecycleFilter": "Active",
        "datasetsFilter": [],
        "modelVersionFilter": "All Runs",
        "selectedColumns": columns,
        "columnOrder": order,
        "columnWidths": {name: _width(name, order_by) for name in order},
        "orderByKey": order_by,
        "orderByAsc": ascending,
        "hideEmptyCharts": True,
        "groupBy": None,
        "runsHiddenMode": "SHOW_ALL",
        **further,
    }
    return {f"mlflow.sharedViewState.{VIEW}": json.dumps(state, sort_keys=True), NOTE_TAG: note}


def _width(column: str, sorted_by: str) -> int:
    """Return a column's width: that of its title, beside the arrow of the sorted one."""
    title = column.partition("`")[2].rstrip("`") or column
    return _WIDTHS.get(column, 7 * len(title) + (40 if column == sorted_by else 26))
