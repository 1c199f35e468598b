"""What experiments, models and runs are called in MLflow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_SHORTEST = 4


def study_experiment(study: str) -> str:
    """Return the name of the experiment that holds the study's page and verdicts."""
    return f"knockout/{study}"


def cells_experiment(study: str, dataset: str) -> str:
    """Return the name of the experiment that holds one run per cell."""
    return f"knockout/{study}/{dataset}"


def runs_experiment(study: str, dataset: str) -> str:
    """Return the name of the experiment that holds one run per replicate."""
    return f"{cells_experiment(study, dataset)}/runs"


def champions_experiment(study: str) -> str:
    """Return the name of the experiment that holds the runs of registered networks."""
    return f"knockout/{study}/champions"


def machine_experiment(study: str) -> str:
    """Return the name of the experiment that holds system metrics."""
    return f"knockout/{study}/machine"


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
    return "+".join(_short(part, levels) if part in levels else part for part in cell.split("+"))


def _short(name: str, names: Iterable[str]) -> str:
    others = [other for other in names if other != name]
    length = _SHORTEST
    while length < len(name) and any(other.startswith(name[:length]) for other in others):
        length += 1
    return name[:length]
