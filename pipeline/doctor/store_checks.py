"""Checks of the data and of the run store: each is read to its last byte."""

from __future__ import annotations

from collections.abc import Iterator

from data_loaders.errors import DataError
from data_loaders.load import verify
from pipeline.doctor.finding import Finding, first_of
from pipeline.study.dataset_card import draw_up, known_cards
from pipeline.study.plans import foreseen
from pipeline.study.project import Project
from pipeline.study.store.table_file import read_table


def check_data(project: Project) -> Iterator[Finding]:
    """Read every dataset of the study: cached ones, and a user's own files."""
    for name in project.study.datasets:
        if not project.study.sources[name].builtin:
            yield _own_data(project, name)
            continue
        fetch = project.command(f"stage data {name}")
        try:
            state = verify(name)
        except DataError as error:
            yield Finding("note", f"data, {name}: not checked: {error}")
            continue
        if state == "good":
            yield Finding("good", f"data, {name}: cached, content hash as published.")
        elif state == "absent":
            yield Finding("note", f"data, {name}: not in the cache.", fetch)
        else:
            yield Finding("fault", f"data, {name}: was damaged in the cache; deleted.", fetch)


def _own_data(project: Project, name: str) -> Finding:
    """Read a user's own dataset from where the study says it is."""
    try:
        card = draw_up(project, name)
    except DataError as error:
        remedy = f"put it back as it was, or take {name} out of `study.datasets`"
        return Finding("fault", f"data, {name}: {error}", remedy)
    if not card.available:
        return Finding("fault", f"data, {name}: {' '.join(card.reasons)}", card.remedy)
    return Finding("good", f"data, {name}: readable, content hash {card.content_hash[:12]}.")


def check_store(project: Project) -> Iterator[Finding]:
    """Say how many of the planned runs are stored, and which cannot be read."""
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
