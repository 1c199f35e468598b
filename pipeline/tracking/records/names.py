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


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Return each name's first four letters, more where two would look alike.

    >>> short_names(["optimizer", "l2", "dropout", "dropconnect"])
    {'optimizer': 'opti', 'l2': 'l2', 'dropout': 'dropo', 'dropconnect': 'dropc'}
    """
    whole = list(names)
    short = {}
    for name in whole:
        others = [other for other in whole if other != name]
        length = _SHORTEST
        while length < len(name) and any(o.startswith(name[:length]) for o in others):
            length += 1
        short[name] = name[:length]
    return short


def display_name(cell: str, levels: Mapping[str, str]) -> str:
    """Return a cell's name with the names of its components cut short.

    The UI cuts names at about 20 characters. Levels of multi-level factors stay whole; the
    params hold everything in full.

    >>> levels = {"optimizer": "momentum", "l2": "on", "dropout": "on", "augmentation": "on"}
    >>> display_name("momentum+l2+dropout+augmentation", levels)
    'momentum+l2+drop+augm'
    """
    short = short_names(levels)
    return "+".join(short.get(part, part) for part in cell.split("+"))
