"""What experiments, models and runs are called in MLflow, and where its UI shows them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

RUNS = "runs"
BESIDE = CHAMPIONS, MACHINE = "champions", "machine"
"""Experiments beside the mirror: the runs of registered networks, and system metrics."""

VIEW = "knockout"
_SHORTEST = 4


def experiment(study: str, *below: str) -> str:
    """Return the name of a study's own experiment, or of one below it.

    Below are the cells of a dataset, their replicates as `RUNS`, and the two `BESIDE`.

    >>> experiment("main"), experiment("main", "digits"), experiment("main", "digits", RUNS)
    ('knockout/main', 'knockout/main/digits', 'knockout/main/digits/runs')
    """
    return "/".join(("knockout", study, *below))


def model_name(study: str, dataset: str) -> str:
    """Return the registered model's name, one per study and dataset."""
    return f"knockout-{study}-{dataset}"


def display_name(cell: str, levels: Mapping[str, str]) -> str:
    """Return a cell's name with each component cut to four letters, more where two look alike.

    The UI cuts names at about 20 characters. Levels of multi-level factors stay whole; the
    params hold everything in full.

    >>> levels = {"optimizer": "momentum", "l2": "on", "dropout": "on", "augmentation": "on"}
    >>> display_name("momentum+l2+dropout+augmentation", levels)
    'momentum+l2+drop+augm'
    >>> display_name("dropout+dropconnect", {"dropout": "on", "dropconnect": "on"})
    'dropo+dropc'
    """

    def short(name: str) -> str:
        length, others = _SHORTEST, levels.keys() - {name}
        while length < len(name) and any(other.startswith(name[:length]) for other in others):
            length += 1
        return name[:length]

    return "+".join(short(part) if part in levels else part for part in cell.split("+"))


def link(base: str, experiment_id: str, run: str = "", **query: str) -> str:
    """Return the address in MLflow's UI of an experiment's runs, of one run, or of its file.

    MLflow's own link to an experiment leads to an empty overview of language models; this one
    names the view for training. With an empty `base` it works inside the UI, wherever that is.

    >>> link("", "3", "ab12/artifacts/index.html")
    '#/experiments/3/runs/ab12/artifacts/index.html?workflowType=machine_learning'
    >>> link("http://h/", "3", searchFilter="params.cell = 'sgd'")
    'http://h/#/experiments/3/runs?workflowType=machine_learning&searchFilter=params.cell%20%3D%20%27sgd%27'
    """
    runs = f"{base and base.rstrip('/') + '/'}#/experiments/{experiment_id}/runs"
    words = urlencode({"workflowType": "machine_learning", **query}, quote_via=quote, safe="")
    return f"{runs}{run and '/' + quote(run)}?{words}"


def view_link(base: str, experiment_id: str, **query: str) -> str:
    """Return the address of an experiment's ready view."""
    return link(base, experiment_id, viewStateShareKey=VIEW, **query)
