"""Check MLflow against the run store: orphans, duplicates, runs cut short, lost artifacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from filelock import Timeout

from pipeline.doctor.finding import Finding, first_of
from pipeline.tracking.records.names import champions_experiment, machine_experiment, model_name
from pipeline.tracking.registry.model_card import ALIAS
from pipeline.tracking.store.address import AddressError, database_path, shown, tracking_uri
from pipeline.tracking.store.connection import Connection, connect, reason
from pipeline.tracking.store.database import revision
from pipeline.tracking.store.experiments import Held, held_runs, study_experiments
from pipeline.tracking.store.leftovers import leftovers


def tracking_findings(
    root: Path,
    study: str,
    expected: Mapping[str, Collection[str]],
    champions: Mapping[str, str] | None = None,
    *,
    sync: str = "knockout sync",
) -> Iterator[Finding]:
    """Yield what is wrong between MLflow and the run store; nothing is created or changed.

    Parameters
    ----------
    root : Path
        The project's root folder.
    study : str
        The study's name.
    expected : mapping of str to collection of str
        Per experiment, the keys that plan and store both hold.
    champions : mapping of str to str, optional
        Per dataset, the hash of its champion's parameters.
    sync : str
        The command that makes MLflow hold exactly what the store holds.
    """
    try:
        uri = tracking_uri(root)
        path = database_path(uri)
        if path is not None and not path.exists():
            yield Finding("note", f"MLflow: no tracking database at {path} yet.", sync)
        elif path is not None and not revision(path):
            yield Finding("fault", f"MLflow: {path} is not a whole tracking database.", sync)
        else:
            connection = connect(root, uri)
            with connection.writing(timeout=0):
                yield from _differences(connection, study, expected, champions or {}, sync)
    except Timeout:
        yield Finding("note", "MLflow: a study is writing right now; not checked.")
    except AddressError as error:
        yield Finding("fault", f"MLflow: {error}")
    except Exception as error:
        # A server that refuses is a finding too, whatever MLflow throws for it.
        what = f"MLflow: {shown(uri)}: {reason(error)}."
        yield Finding("fault", what, "start that server, or: unset MLFLOW_TRACKING_URI")


def _differences(
    connection: Connection,
    study: str,
    expected: Mapping[str, Collection[str]],
    champions: Mapping[str, str],
    sync: str,
) -> Iterator[Finding]:
    """Yield how experiments, champions and what killed processes left differ from the store."""
    ids = {e.name: e.experiment_id for e in study_experiments(connection, study)}
    for name, keys in expected.items():
        runs = held_runs(connection, ids[name]) if name in ids else []
        yield from _compared(name, keys, runs, sync)
    others = {champions_experiment(study), machine_experiment(study)}
    for name in sorted(ids.keys() - expected.keys() - others):
        yield Finding("note", f"MLflow: {name} is of no dataset of study {study} any more.", sync)
    for dataset, sha256 in champions.items():
        yield _champion(connection, model_name(study, dataset), dataset, sha256, sync)
    for name, left in leftovers(connection, study).items():
        if left:
            shown_names = first_of([run.name for run in left])
            what = f"MLflow, {name}: {_runs(left)} cut short by a process that died: {shown_names}"
            yield Finding("fault", what, sync)


def _compared(name: str, keys: Collection[str], runs: list[Held], sync: str) -> Iterator[Finding]:
    """Yield how the runs that an experiment holds differ from the expected keys."""
    ours = [run for run in runs if run.key]
    if ours and not keys:
        # A sync leaves a dataset alone of which the store holds nothing, as in a fresh clone;
        # what trains it is said where the store is checked.
        what = f"MLflow, {name}: {_runs(ours)}; the store holds none of the present plan."
        yield Finding("note", what)
        return
    whole = [run for run in ours if run.finished]
    held, wanted = Counter(run.key for run in whole), set(keys)
    lists = {
        "not in MLflow": sorted(wanted - held.keys()),
        "in MLflow, but not in plan and store (orphans)": sorted(held.keys() - wanted),
        "in MLflow more than once (duplicates)": sorted(k for k, n in held.items() if n > 1),
        "left RUNNING by a process that died": [run.name for run in ours if not run.finished],
    }
    if name.endswith("/runs"):  # cells have no files
        lists["without their artifacts, whose folder was moved or deleted"] = [
            run.name for run in whole if run.lost_artifacts
        ]
    for what, names in lists.items():
        if names:
            text = f"MLflow, {name}: {_runs(names)} {what}: {first_of(names)}"
            yield Finding("fault", text, sync)
    if not any(lists.values()):
        yield Finding("good", f"MLflow, {name}: {_runs(wanted)}, as in the store.")


def _runs(counted: Collection[object]) -> str:
    return f"{len(counted)} run{'' if len(counted) == 1 else 's'}"


def _champion(connection: Connection, name: str, dataset: str, sha256: str, sync: str) -> Finding:
    client = connection.client
    versions = client.search_model_versions(f"name = '{name}'")
    same = [v for v in versions if v.tags.get("parameters_sha256") == sha256]
    if not same:
        return Finding("fault", f"MLflow: the champion of {dataset} is not registered.", sync)
    # A version that was found by a search does not tell its aliases.
    if not any(ALIAS in client.get_model_version(v.name, v.version).aliases for v in same):
        return Finding("fault", f"MLflow: {name}@{ALIAS} is not the champion's version.", sync)
    return Finding("good", f"MLflow: {name}@{ALIAS} is the champion of {dataset}.")
