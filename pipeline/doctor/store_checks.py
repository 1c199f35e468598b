"""Checks of the run store, and of MLflow against it."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.run.run_spec import RunSpec
from pipeline.champion.saved_network import CARD, load_champion
from pipeline.doctor.finding import Finding
from pipeline.doctor.mlflow_checks import tracking_findings
from pipeline.study.dataset_card import read_card
from pipeline.study.plans import finished, foreseen
from pipeline.study.project import Project
from pipeline.study.store.table_file import read_table
from pipeline.tracking.records.cell_record import cell_key
from pipeline.tracking.records.names import cells_experiment, runs_experiment


def check_tracking(project: Project) -> Iterator[Finding]:
    """Compare MLflow with plan and store."""
    study, expected, champions = project.study.name, {}, {}
    for dataset in project.study.datasets:
        stored = _stored(project, dataset)
        expected[runs_experiment(study, dataset)] = {spec.run_key for spec in stored}
        expected[cells_experiment(study, dataset)] = {cell_key(spec) for spec in stored}
        folder = project.results(dataset) / "champion"
        if (folder / CARD).exists():
            champions[dataset] = load_champion(folder).card.parameters_sha256
    sync = project.command("sync")
    yield from tracking_findings(project.root, study, expected, champions, sync=sync)


def _stored(project: Project, dataset: str) -> list[RunSpec]:
    """Return the planned runs that the store holds whole; a failed run is not mirrored."""
    folder = project.results(dataset)
    if not ((folder / "dataset.json").exists() and (folder / "tuning.parquet").exists()):
        return []
    specs = foreseen(project, read_card(folder / "dataset.json"))
    held = finished(project, specs)
    return [spec for spec in specs if spec.run_key in held]


def check_store(project: Project) -> Iterator[Finding]:
    """Say how many of the planned runs are stored; read each to its last byte."""
    for dataset in project.study.datasets:
        if (project.results(dataset) / "tuning.parquet").exists():
            yield from _check_runs(project, dataset)
        else:
            what = f"store, {dataset}: nothing is planned before tuning."
            yield Finding("note", what, _whole_study(project))


def _check_runs(project: Project, dataset: str) -> Iterator[Finding]:
    card = read_card(project.results(dataset) / "dataset.json")
    keys = {spec.run_key for spec in foreseen(project, card)}
    files = {key for key in keys if key in project.store}
    results = {key: project.store.get(key) for key in files}
    damaged = sorted(key for key, result in results.items() if result is None)
    failed = sorted(key for key, r in results.items() if r is not None and r.status == "failed")
    missing, again = keys - files, _train_again(project, dataset)
    for what, names in (("damaged; deleted", damaged), ("failed", failed)):
        if names:
            shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
            yield Finding("fault", f"store, {dataset}: runs {what}, {len(names)}: {shown}", again)
    if missing and missing <= _in_table(project, dataset):
        what = (
            f"store, {dataset}: {len(missing)} of {len(keys)} runs are in the tables alone, as "
            "after `dvc pull`. Only MLflow and a changed study need them here."
        )
        yield Finding("note", what, again)
    elif missing:
        what = f"store, {dataset}: {len(missing)} of {len(keys)} planned runs are not trained."
        yield Finding("note", what, _whole_study(project))
    if not (damaged or failed or missing):
        yield Finding("good", f"store, {dataset}: {len(files)} runs, each whole.")


def _in_table(project: Project, dataset: str) -> set[str]:
    path = project.results(dataset) / "runs.parquet"
    return set(read_table(path, ["run_key"])["run_key"]) if path.exists() else set()


def _whole_study(project: Project) -> str:
    return project.command("run") if project.declared else "dvc repro"


def _train_again(project: Project, dataset: str) -> str:
    """DVC takes a stage for done while its table is there, whatever the store holds."""
    if project.declared:
        return project.command(f"stage train {dataset}")
    return f"dvc repro -s -f train@{dataset}"
