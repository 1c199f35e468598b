"""What experiments, runs, models and numbers are called in MLflow, and how its UI is linked."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

RUNS = "runs"
BESIDE = CHAMPIONS, MACHINE = "champions", "machine"
"""Experiments beside the mirror: the runs of registered networks, and system metrics."""

VIEW = "knockout"
_SHORTEST = 4
_NAMED = {
    "best_epoch": "best/epoch",
    "diverged_epoch": "diverged/epoch",
    "diverged_step": "diverged/step",
}


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


def metric_key(column: str) -> str | None:
    """Return the metric that shows a scalar of a run; None for one that is no metric.

    Validation scalars are those of the epoch that was kept.

    >>> [metric_key(name) for name in ("test_log_loss", "val_accuracy", "forward_s", "n_test")]
    ['test/log_loss', 'best/val_accuracy', 'time/forward_s', None]
    """
    if column in _NAMED:
        return _NAMED[column]
    if column.startswith("test_"):
        return f"test/{column.removeprefix('test_')}"
    if column.startswith("val_"):
        return f"best/{column}"
    return f"time/{column}" if column.endswith("_s") else None


def curve_key(column: str) -> str | None:
    """Return the metric that shows a column of learning curves; None for clocks and counts.

    >>> [curve_key(name) for name in ("val_loss", "learning_rate", "depth", "forward_s", "epoch")]
    ['val/loss', 'train/learning_rate', 'epoch/depth', None, None]
    """
    if column in ("epoch", "steps") or column.endswith("_s"):
        return None
    if column == "learning_rate":
        return "train/learning_rate"
    part, _, name = column.partition("_")
    return f"{part}/{name}" if part in ("train", "val") and name else f"epoch/{column}"


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
