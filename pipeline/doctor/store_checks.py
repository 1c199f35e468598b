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
        yield {
            "good": Finding("good", f"data, {name}: cached, content hash as published."),
            "absent": Finding("note", f"data, {name}: not in the cache.", fetch),
            "damaged": Finding("fault", f"data, {name}: was damaged in the cache; deleted.", fetch),
        }[state]


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
        where = f"store, {dataset}:"
        if not (folder / "tuning.parquet").exists():
            yield Finding("note", f"{where} nothing is planned before tuning.", project.again)
            continue
        keys = {spec.run_key for spec in foreseen(project, cards[dataset])}
        results = {key: project.store.get(key) for key in keys if key in project.store}
        damaged = sorted(key for key, result in results.items() if result is None)
        failed = sorted(k for k, result in results.items() if result and result.status == "failed")
        # DVC takes a stage for done while its table is there, whatever the store holds.
        again = f"dvc repro -s -f train@{dataset}"
        if project.declared:
            again = project.command(f"stage train {dataset}")
        for kind, found in (("damaged; deleted", damaged), ("failed", failed)):
            if found:
                what = f"{where} runs {kind}, {len(found)}: {first_of(found)}"
                yield Finding("fault", what, again)
        missing, table = keys - results.keys(), folder / "runs.parquet"
        many = f"{where} {len(missing)} of {len(keys)}"
        if missing and table.exists() and missing <= set(read_table(table, ["run_key"])["run_key"]):
            what = "runs are in the tables alone, as after `dvc pull`."
            need = "Only MLflow and a changed study need them here."
            yield Finding("note", f"{many} {what} {need}", again)
        elif missing:
            yield Finding("note", f"{many} planned runs are not trained.", project.again)
        elif not (damaged or failed):
            yield Finding("good", f"{where} {len(results)} runs, each whole.")
