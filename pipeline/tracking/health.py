"""Check MLflow against the run store: orphans, duplicates, runs cut short, lost artifacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from pipeline.finding import Finding
from pipeline.tracking.connection import Connection, connect, tracking_uri
from pipeline.tracking.database import database_path, is_complete
from pipeline.tracking.experiment import local_folder, study_experiments
from pipeline.tracking.index import Held, held_runs
from pipeline.tracking.layout import champions_experiment, runs_experiment
from pipeline.tracking.lock import BusyError, exclusive
from pipeline.tracking.study_sync import first_line

SYNC = "knockout sync"


def tracking_findings(
    root: Path, study: str, expected: Mapping[str, Collection[str]]
) -> Iterator[Finding]:
    """Yield what is wrong between MLflow and the run store.

    Nothing is created or changed.

    Parameters
    ----------
    root : Path
        The project's root folder.
    study : str
        The study's name.
    expected : mapping of str to collection of str
        Per dataset, the run keys that plan and store both hold.
    """
    uri = tracking_uri(root)
    path = database_path(uri)
    if path is not None and not path.exists():
        yield Finding("note", f"MLflow: no tracking database at {path} yet.", SYNC)
        return
    if path is not None and not is_complete(path):
        yield Finding("fault", f"MLflow: {path} is not a whole tracking database.", SYNC)
        return
    try:
        connection = connect(root, uri)
        with exclusive(connection.lock_path, timeout=0):
            yield from _store_findings(connection, study, expected)
    except BusyError:
        yield Finding("note", "MLflow: a study is writing right now; not checked.")
    except Exception as error:
        # A server that refuses is a finding too, whatever MLflow throws for it.
        yield Finding(
            "fault", f"MLflow: {uri} does not answer ({first_line(error)}).", "start the server"
        )


def _store_findings(
    connection: Connection, study: str, expected: Mapping[str, Collection[str]]
) -> Iterator[Finding]:
    found = {e.name: e.experiment_id for e in study_experiments(connection, study)}
    for dataset, keys in expected.items():
        identifier = found.get(runs_experiment(study, dataset))
        runs = held_runs(connection, identifier) if identifier else []
        yield from compare(dataset, keys, runs)
    datasets = {name.split("/")[2] for name in found if name != champions_experiment(study)}
    for dataset in sorted(datasets - expected.keys()):
        yield Finding("note", f"MLflow: {dataset} is no dataset of study {study} any more.", SYNC)


def compare(dataset: str, keys: Collection[str], runs: list[Held]) -> Iterator[Finding]:
    """Yield how the runs that MLflow holds of a dataset differ from the expected keys."""
    ours = [run for run in runs if run.key]
    whole = [run for run in ours if run.finished]
    held = Counter(run.key for run in whole)
    wanted = set(keys)
    lists = {
        "not in MLflow": sorted(wanted - held.keys()),
        "in MLflow, but not in plan and store (orphans)": sorted(held.keys() - wanted),
        "in MLflow more than once (duplicates)": sorted(k for k, n in held.items() if n > 1),
        "left RUNNING by a process that died": [run.name for run in ours if not run.finished],
        "without their artifacts: the folder was moved or deleted": [
            run.name for run in whole if _lost(run)
        ],
    }
    for what, names in lists.items():
        if names:
            shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
            remedy = f"delete mlflow.db, then {SYNC}" if "artifacts" in what else SYNC
            yield Finding("fault", f"MLflow, {dataset}: {len(names)} runs {what}: {shown}", remedy)
    if not any(lists.values()):
        yield Finding("good", f"MLflow, {dataset}: {len(wanted)} runs, as in the store.")


def _lost(run: Held) -> bool:
    folder = local_folder(run.artifact_uri)
    return folder is not None and not folder.is_dir()
