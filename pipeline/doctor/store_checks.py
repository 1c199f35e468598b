"""Checks of the run store, and of MLflow against it."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.champion.saved_network import CARD, load_champion
from pipeline.doctor.finding import Finding, first_of
from pipeline.doctor.mlflow_checks import tracking_findings
from pipeline.study.dataset_card import known_cards
from pipeline.study.plans import finished, foreseen
from pipeline.study.project import Project
from pipeline.study.store.table_file import read_table
from pipeline.tracking.records.cell_record import cell_key
from pipeline.tracking.records.names import cells_experiment, runs_experiment


def check_tracking(project: Project) -> Iterator[Finding]:
    """Compare MLflow with plan and store; a failed run is not mirrored."""
    study, expected, champions = project.study.name, {}, {}
    cards = {card.name: card for card in known_cards(project)}
    for dataset in project.study.datasets:
        folder = project.results(dataset)
        is_tuned = dataset in cards and (folder / "tuning.parquet").exists()
        specs = foreseen(project, cards[dataset]) if is_tuned else []
        held = finished(project, specs)
        stored = [spec for spec in specs if spec.run_key in held]
        expected[runs_experiment(study, dataset)] = {spec.run_key for spec in stored}
        expected[cells_experiment(study, dataset)] = {cell_key(spec) for spec in stored}
        if (folder / "champion" / CARD).exists():
            champions[dataset] = load_champion(folder / "champion").card.parameters_sha256
    sync = project.command("sync")
    yield from tracking_findings(project.root, study, expected, champions, sync=sync)


def check_store(project: Project) -> Iterator[Finding]:
    """Say how many of the planned runs are stored; read each to its last byte."""
    cards = {card.name: card for card in known_cards(project)}
    for dataset in project.study.datasets:
        folder = project.results(dataset)
        if not (folder / "tuning.parquet").exists():
            what = f"store, {dataset}: nothing is planned before tuning."
            yield Finding("note", what, project.again)
            continue
        keys = {spec.run_key for spec in foreseen(project, cards[dataset])}
        files = {key for key in keys if key in project.store}
        results = {key: project.store.get(key) for key in files}
        damaged = sorted(key for key, result in results.items() if result is None)
        failed = sorted(k for k, result in results.items() if result and result.status == "failed")
        # DVC takes a stage for done while its table is there, whatever the store holds.
        again = f"dvc repro -s -f train@{dataset}"
        if project.declared:
            again = project.command(f"stage train {dataset}")
        for kind, found in (("damaged; deleted", damaged), ("failed", failed)):
            if found:
                what = f"store, {dataset}: runs {kind}, {len(found)}: {first_of(found)}"
                yield Finding("fault", what, again)
        missing, table = keys - files, folder / "runs.parquet"
        if missing and table.exists() and missing <= set(read_table(table, ["run_key"])["run_key"]):
            what = (
                f"store, {dataset}: {len(missing)} of {len(keys)} runs are in the tables alone, as "
                "after `dvc pull`. Only MLflow and a changed study need them here."
            )
            yield Finding("note", what, again)
        elif missing:
            what = f"store, {dataset}: {len(missing)} of {len(keys)} planned runs are not trained."
            yield Finding("note", what, project.again)
        elif not (damaged or failed):
            yield Finding("good", f"store, {dataset}: {len(files)} runs, each whole.")
