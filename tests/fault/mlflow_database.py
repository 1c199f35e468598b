"""MLflow's database, and a study that is synced into it."""

import shutil
from pathlib import Path

from experiments.errors import StudyError
from pipeline.tracking.records.names import RUNS, experiment
from pipeline.tracking.store.connection import connect, trouble
from tests.mutations import Kind
from tests.pipeline.tracking.conftest import all_levels, make_result, make_spec, sync_pairs

PAIRS = [(spec, make_result(spec)) for spec in [make_spec(next(all_levels()), 0)]]


def sync(folder: Path) -> set[str]:
    """Sync one run and its cell, as the stage `sync` does, and return how they ended there."""
    for left in folder.glob("mlflow.db?*"):
        left.unlink()
    try:
        connection = connect(folder)
        sync_pairs(connection, PAIRS)
        client = connection.client
        names = experiment("main", "digits", RUNS), experiment("main", "digits")
        held = [client.get_experiment_by_name(name).experiment_id for name in names]
        return {run.info.status for run in client.search_runs(held)}
    except Exception as error:
        # What the stage prints, whatever MLflow and SQLite raise.
        raise StudyError(trouble(error, "`knockout sync` tries again")) from error


def kind(template: Path) -> Kind:
    """Return MLflow's database as a kind of file; it has no checksum of its own."""

    def write(folder: Path) -> Path:
        path = folder / "mlflow.db"
        shutil.copy(template, path)
        sync(folder)
        return path

    return Kind(write, sync, (StudyError,), has_checksum=False, path="MLflow tracking: ")
