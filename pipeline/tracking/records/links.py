"""Addresses inside MLflow's UI that open what a reader came for.

MLflow's own link to an experiment leads to an empty overview of language models; these name the
view for training. An empty `base` gives a link that works inside the UI, wherever it is served.
"""

from __future__ import annotations

from urllib.parse import quote

VIEW = "knockout"
_TRAINING = "workflowType=machine_learning"


def view_link(base: str, experiment_id: str) -> str:
    """Return the address of an experiment's ready view.

    >>> view_link("http://127.0.0.1:5000/", "3")
    'http://127.0.0.1:5000/#/experiments/3/runs?workflowType=machine_learning&viewStateShareKey=knockout'
    """
    return f"{_runs(base, experiment_id)}?{_TRAINING}&viewStateShareKey={VIEW}"


def chart_link(base: str, experiment_id: str) -> str:
    """Return the address of an experiment's ready view with the charts beside the list."""
    return f"{view_link(base, experiment_id)}&compareRunsMode=CHART"


def filter_link(experiment_id: str, text: str) -> str:
    """Return the address of an experiment's runs that a filter leaves.

    >>> filter_link("3", "params.cell = 'sgd'")
    '#/experiments/3/runs?workflowType=machine_learning&searchFilter=params.cell%20%3D%20%27sgd%27'
    """
    return f"{_runs('', experiment_id)}?{_TRAINING}&searchFilter={quote(text, safe='')}"


def run_link(base: str, experiment_id: str, run_id: str, artifact: str = "") -> str:
    """Return the address of one run's page in the view for training, or of a file of it.

    >>> run_link("", "3", "ab12")
    '#/experiments/3/runs/ab12?workflowType=machine_learning'
    >>> run_link("http://h", "3", "ab12", "index.html")
    'http://h/#/experiments/3/runs/ab12/artifacts/index.html?workflowType=machine_learning'
    """
    file = artifact and f"/artifacts/{quote(artifact)}"
    return f"{_runs(base, experiment_id)}/{run_id}{file}?{_TRAINING}"


def _runs(base: str, experiment_id: str) -> str:
    return f"{base and base.rstrip('/') + '/'}#/experiments/{experiment_id}/runs"
