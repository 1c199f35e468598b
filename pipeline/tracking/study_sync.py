"""Mirror a study's finished runs and cells into MLflow; again and again, to the same end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.champion.champion import Champion
from pipeline.tracking.cells import cell_records, cells_by_name
from pipeline.tracking.champion import Registered, register_champion
from pipeline.tracking.connection import Connection
from pipeline.tracking.experiment import ensure_experiment, retire, study_experiments
from pipeline.tracking.layout import (
    cells_experiment,
    champions_experiment,
    is_tracked,
    machine_experiment,
    run_record,
    runs_experiment,
)
from pipeline.tracking.leftovers import clear
from pipeline.tracking.lock import BusyError, exclusive
from pipeline.tracking.mirror import SyncReport, mirror
from pipeline.tracking.provenance import provenance
from pipeline.tracking.view import cells_view, runs_view

Pair = tuple[RunSpec, RunResult]
_WAIT_SECONDS = 30.0


def sync(
    connection: Connection,
    study: str,
    pairs: Iterable[Pair],
    cells: pd.DataFrame | None = None,
) -> SyncReport:
    """Make MLflow hold exactly these runs, for the datasets they are of.

    Parameters
    ----------
    connection : Connection
        From `connect`.
    study : str
        The study's name.
    pairs : iterable of (RunSpec, RunResult)
        What plan and store hold, in the plan's order; tuning trials are passed over.
    cells : DataFrame, optional
        The comparison table, one row per dataset and cell; without it the cells show means
        and curves alone.

    Returns
    -------
    SyncReport
        An error of the store or server ends up in `failed`: nothing is raised, nothing is
        lost, the next sync goes on from there.
    """
    by_dataset: dict[str, list[Pair]] = {}
    for spec, result in pairs:
        if is_tracked(spec):
            by_dataset.setdefault(spec.dataset, []).append((spec, result))
    report = SyncReport()
    try:
        with exclusive(connection.lock_path, timeout=_WAIT_SECONDS):
            for dataset, own in by_dataset.items():
                report += _sync_runs(connection, study, dataset, own)
                report += _sync_cells(connection, study, dataset, own, cells)
    except BusyError as error:
        report += SyncReport(failed=(str(error),))
    except Exception as error:
        # Whatever MLflow, its database or its server throws, the study itself is safe.
        report += SyncReport(failed=(first_line(error),))
    return report


def sync_champion(
    connection: Connection, champion: Champion, cells: pd.DataFrame | None = None
) -> Registered | SyncReport:
    """Register a dataset's champion; return the version, or what went wrong as `failed`."""
    rows = {} if cells is None else cells_by_name(cells)
    row = rows.get((champion.card.dataset, champion.card.cell), {})
    try:
        with exclusive(connection.lock_path, timeout=_WAIT_SECONDS):
            return register_champion(connection, champion, row)
    except BusyError as error:
        return SyncReport(failed=(str(error),))
    except Exception as error:
        return SyncReport(failed=(first_line(error),))


def first_line(error: Exception) -> str:
    """Return what an error says in one line of at most 200 characters."""
    text = next((line for line in str(error).splitlines() if line.strip()), "")
    if refused := re.match(r"API request to (https?://[^/]+)\S* failed with exception", text):
        return f"{refused[1]} does not answer"
    return f"{type(error).__name__}: {text}"[:200]


def remove_other_datasets(connection: Connection, study: str, datasets: Sequence[str]) -> int:
    """Retire the experiments of datasets that a study no longer has; return how many."""
    names = (cells_experiment, runs_experiment)
    kept = {name(study, dataset) for dataset in datasets for name in names}
    kept |= {champions_experiment(study), machine_experiment(study)}
    gone = [e for e in study_experiments(connection, study) if e.name not in kept]
    for experiment in gone:
        retire(connection, experiment)
    return len(gone)


def clear_leftovers(connection: Connection, study: str) -> int:
    """Remove what a killed process left beside the mirror; return how many runs.

    Raises
    ------
    BusyError
        If another process is writing.
    """
    with exclusive(connection.lock_path, timeout=_WAIT_SECONDS):
        return clear(connection, study)


def _sync_runs(
    connection: Connection, study: str, dataset: str, pairs: Sequence[Pair]
) -> SyncReport:
    factors = tuple(pairs[0][0].levels)
    identifier = ensure_experiment(
        connection, runs_experiment(study, dataset), runs_view(study, dataset, factors)
    )
    origin = provenance(connection.project)
    return mirror(
        connection,
        identifier,
        (run_record(spec, result, origin) for spec, result in pairs),
    )


def _sync_cells(
    connection: Connection,
    study: str,
    dataset: str,
    pairs: Sequence[Pair],
    cells: pd.DataFrame | None,
) -> SyncReport:
    factors = tuple(pairs[0][0].levels)
    identifier = ensure_experiment(
        connection, cells_experiment(study, dataset), cells_view(study, dataset, factors)
    )
    return mirror(
        connection,
        identifier,
        cell_records(pairs, cells, provenance(connection.project)),
    )
