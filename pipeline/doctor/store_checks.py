"""Checks of the run store, and of MLflow against it."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.run.run_spec import RunSpec
from pipeline.answers.finding import Finding
from pipeline.champion.champion import CARD, load_champion
from pipeline.dataset_card import read_card
from pipeline.project import Project
from pipeline.running.plans import foreseen
from pipeline.running.training import finished
from pipeline.tracking.cells import cell_key
from pipeline.tracking.health import tracking_findings
from pipeline.tracking.layout import cells_experiment, runs_experiment


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
    yield from tracking_findings(project.root, study, expected, champions)


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
        folder = project.results(dataset)
        if not (folder / "tuning.parquet").exists():
            yield Finding(
                "note", f"store, {dataset}: nothing is planned before tuning.", "dvc repro"
            )
            continue
        specs = foreseen(project, read_card(folder / "dataset.json"))
        files = {spec.run_key for spec in specs if spec.run_key in project.store}
        results = {key: project.store.get(key) for key in files}
        damaged = sorted(key for key, result in results.items() if result is None)
        failed = sorted(key for key, r in results.items() if r is not None and r.status == "failed")
        missing = len({spec.run_key for spec in specs}) - len(files)
        # DVC takes a stage for done while its table is there; the store has the other runs.
        again = f"dvc repro -s -f train@{dataset}"
        for what, keys in (("were damaged; deleted", damaged), ("failed", failed)):
            if keys:
                shown = ", ".join(keys[:3]) + (", …" if len(keys) > 3 else "")
                yield Finding("fault", f"store, {dataset}: {len(keys)} runs {what}: {shown}", again)
        if missing:
            what = f"store, {dataset}: {missing} planned runs are not stored."
            yield Finding("note", what, "dvc repro")
        if not (damaged or failed or missing):
            yield Finding("good", f"store, {dataset}: {len(files)} runs, each whole.")
