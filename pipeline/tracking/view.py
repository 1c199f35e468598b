"""Ready views of the UI: which columns, in which order, how wide, and the link to them.

The format is MLflow's own and undocumented (read from the UI of 3.17, where *Share* writes
it); a UI that does not know it shows its default view and says so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from pipeline.tracking.layout import cells_experiment, runs_experiment

VIEW = "knockout"
_PREFIX = "mlflow.sharedViewState."
_ACCURACY = "metrics.`test/accuracy`"
_CELL_METRICS = (
    "test/accuracy",
    "vs_baseline/difference_pp",
    "vs_baseline/low_pp",
    "vs_baseline/high_pp",
    "time/fit_wall_s",
)
_RUN_METRICS = ("test/accuracy", "best/val_accuracy", "best/epoch", "time/fit_wall_s")


def cells_view(study: str, dataset: str, factors: Sequence[str]) -> dict[str, str]:
    """Return the tags of a cells experiment: note and ready view."""
    columns = [*_params(factors), *_metrics(_CELL_METRICS), "tags.`verdict`"]
    note = (
        f"Study **{study}** on **{dataset}**: one run per cell, a mean over its replicates. "
        f"The replicates are in `{runs_experiment(study, dataset)}`."
    )
    return _tags(columns, note)


def runs_view(study: str, dataset: str, factors: Sequence[str]) -> dict[str, str]:
    """Return the tags of a replicates experiment: note and ready view."""
    columns = [*_params((*factors, "replicate")), *_metrics(_RUN_METRICS)]
    note = (
        f"Study **{study}** on **{dataset}**: one run per cell and replicate. "
        f"Means and verdicts are in `{cells_experiment(study, dataset)}`."
    )
    return _tags(columns, note)


def view_link(base: str, experiment_id: str) -> str:
    """Return the address of an experiment's ready view.

    >>> view_link("http://127.0.0.1:5000", "3")
    'http://127.0.0.1:5000/#/experiments/3/runs?workflowType=machine_learning&viewStateShareKey=knockout'
    """
    query = f"workflowType=machine_learning&viewStateShareKey={quote(VIEW)}"
    return f"{base.rstrip('/')}/#/experiments/{experiment_id}/runs?{query}"


def _params(names: Sequence[str]) -> list[str]:
    return [f"params.`{name}`" for name in names]


def _metrics(names: Sequence[str]) -> list[str]:
    return [f"metrics.`{name}`" for name in names]


def _tags(columns: list[str], note: str) -> dict[str, str]:
    state: dict[str, Any] = {
        "searchFilter": "",
        "orderByKey": _ACCURACY,
        "orderByAsc": False,
        "startTime": "ALL",
        "lifecycleFilter": "Active",
        "datasetsFilter": [],
        "modelVersionFilter": "All Runs",
        "selectedColumns": columns,
        "columnWidths": {},
        "runsHiddenMode": "FIRST_20_RUNS",
        "hideEmptyCharts": True,
        "groupBy": None,
    }
    return {
        f"{_PREFIX}{VIEW}": json.dumps(state, sort_keys=True),
        "mlflow.note.content": note,
    }
