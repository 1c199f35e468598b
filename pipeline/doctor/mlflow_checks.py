"""Check MLflow against the run store: orphans, duplicates, runs cut short, lost artifacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from filelock import Timeout

from pipeline.champion.saved_network import CARD, load_champion
from pipeline.doctor.finding import Finding, first_of
from pipeline.results.text.words import counted
from pipeline.study.dataset_card import known_cards
from pipeline.study.plans import finished, foreseen
from pipeline.study.project import Project
from pipeline.tracking.records.cell_record import cell_key
from pipeline.tracking.records.names import BESIDE, RUNS, experiment, model_name
from pipeline.tracking.registry.model_card import ALIAS
from pipeline.tracking.store.address import AddressError, database_path, shown, tracking_uri
from pipeline.tracking.store.connection import Connection, connect, reason
from pipeline.tracking.store.database import revision
from pipeline.tracking.store.experiments import Held, held_runs, leftovers, study_experiments


def check_tracking(project: Project) -> Iterator[Finding]:
    """Compare MLflow with plan and store; a failed run is not synced."""
    study, sync = project.study.name, project.command("sync")
    expected: dict[str, set[str]] = {}
    champions: list[tuple[str, str]] = []
    cards = {card.name: card for card in known_cards(project)}
    for dataset in project.study.datasets:
        folder = project.results(dataset)
        is_tuned = dataset in cards and (folder / "tuning.parquet").exists()
        specs = foreseen(project, cards[dataset]) if is_tuned else []
        held = finished(project, specs)
        stored = [spec for spec in specs if spec.run_key in held]
        expected[experiment(study, dataset, RUNS)] = {spec.run_key for spec in stored}
        expected[experiment(study, dataset)] = {cell_key(spec) for spec in stored}
        if (folder / "champion" / CARD).exists():
            card = load_champion(folder / "champion").card
            champions.append((dataset, card.parameters_sha256))
    yield from tracking_findings(project.root, study, expected, champions, sync)


def tracking_findings(
    root: Path,
    study: str,
    expected: Mapping[str, Collection[str]],
    champions: Collection[tuple[str, str]] = (),
    sync: str = "knockout sync",
) -> Iterator[Finding]:
    """Yield what is wrong between MLflow and the run store; nothing is created or changed.

    Takes, per experiment, the keys that plan and store both hold; datasets with the hash of their
    champions' parameters; and the command that makes MLflow hold exactly what the store holds.
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
                yield from _differences(connection, study, expected, sync)
                for dataset, sha256 in champions:
                    yield _champion(connection, study, dataset, sha256, sync)
    except Timeout:
        yield Finding("note", "MLflow: a study is writing right now; not checked.")
    except AddressError as error:
        yield Finding("fault", f"MLflow: {error}")
    except Exception as error:
        # A server that refuses is a finding too, whatever MLflow throws for it.
        remedy = "start that server, or: unset MLFLOW_TRACKING_URI"
        yield Finding("fault", f"MLflow: {shown(uri)}: {reason(error)}.", remedy)


def _differences(
    connection: Connection, study: str, expected: Mapping[str, Collection[str]], sync: str
) -> Iterator[Finding]:
    """Yield how experiments and what killed processes left differ from the store."""
    live = study_experiments(connection, study)
    for name, keys in expected.items():
        runs = held_runs(connection, live[name].experiment_id) if name in live else []
        yield from _compared(name, set(keys), [run for run in runs if run.key], sync)
    others = {experiment(study), *(experiment(study, name) for name in BESIDE)}
    for name in sorted(live.keys() - expected.keys() - others):
        yield Finding("note", f"MLflow: {name} is of no dataset of study {study} any more.", sync)
    for name, left in leftovers(connection, study).items():
        if left:
            names = [run.name for run in left]
            yield _fault(experiment(study, name), "cut short by a process that died", names, sync)


def _compared(name: str, wanted: set[str], ours: list[Held], sync: str) -> Iterator[Finding]:
    """Yield how the runs that an experiment holds of the study differ from the wanted keys."""
    if ours and not wanted:
        # A sync leaves a dataset alone of which the store holds nothing, as in a fresh clone;
        # what trains it is said where the store is checked.
        count = counted(len(ours), "run")
        yield Finding("note", f"MLflow, {name}: {count}; the store holds none of the present plan.")
        return
    whole = [run for run in ours if run.finished]
    # Cells have no files.
    lost = [run.name for run in whole if name.endswith(f"/{RUNS}") and run.lost_artifacts]
    held = Counter(run.key for run in whole)
    lists = {
        "not in MLflow": sorted(wanted - held.keys()),
        "in MLflow, but not in plan and store (orphans)": sorted(held.keys() - wanted),
        "in MLflow more than once (duplicates)": sorted(k for k, n in held.items() if n > 1),
        "left RUNNING by a process that died": [run.name for run in ours if not run.finished],
        "without their artifacts, whose folder was moved or deleted": lost,
    }
    for what, names in lists.items():
        if names:
            yield _fault(name, what, names, sync)
    if not any(lists.values()):
        count = counted(len(wanted), "run")
        yield Finding("good", f"MLflow, {name}: {count}, as in the store.")


def _fault(name: str, what: str, runs: list[str], sync: str) -> Finding:
    count = counted(len(runs), "run")
    return Finding("fault", f"MLflow, {name}: {count} {what}: {first_of(runs)}", sync)


def _champion(connection: Connection, study: str, dataset: str, sha256: str, sync: str) -> Finding:
    client, name = connection.client, model_name(study, dataset)
    versions = client.search_model_versions(f"name = '{name}'")
    same = [v for v in versions if v.tags.get("parameters_sha256") == sha256]
    if not same:
        return Finding("fault", f"MLflow: the champion of {dataset} is not registered.", sync)
    # A version that was found by a search does not tell its aliases.
    if not any(ALIAS in client.get_model_version(v.name, v.version).aliases for v in same):
        return Finding("fault", f"MLflow: {name}@{ALIAS} is not the champion's version.", sync)
    return Finding("good", f"MLflow: {name}@{ALIAS} is the champion of {dataset}.")
