"""Stage `data`: have a dataset in the cache, and say what it is."""

from __future__ import annotations

import sys

from data_loaders.errors import AbsentDataError
from experiments.design.arms import study_cells
from experiments.design.response_reader import check_responses
from experiments.design.shapes import check_shape
from experiments.errors import StudyError
from pipeline.study.dataset_card import DatasetCard, draw_up, read_card, write_card
from pipeline.study.project import Project


def run(project: Project, dataset: str) -> DatasetCard:
    """Draw up results/<dataset>/dataset.json.

    A dataset that is unavailable now, but whose results are here (pulled into a fresh clone, say),
    keeps the card that they were made with. What the study cannot be trained on is refused, and
    so is an unavailable dataset where `data.on_missing` is "fail".
    """
    kept = _kept(project, dataset)
    try:
        card = draw_up(project, dataset)
    except AbsentDataError as error:
        if kept is None:
            raise
        print(f"{error} The stored results of {dataset} stay.", file=sys.stderr)
        return kept
    if card.usable:
        check_shape(project.study, dataset, card.image_shape)
        check_responses(project.study.responses, dataset, regression=not card.class_names)
        _check_parts(project, card)
    if card.in_study and not card.available:
        if kept is not None:
            print(f"{dataset} is unavailable now; its stored results stay.", file=sys.stderr)
            return kept
        why = (f"{dataset} is unavailable; its runs are left out.", *card.reasons, card.remedy)
        print("\n  ".join(why), file=sys.stderr)
        if project.settings.data.on_missing == "fail":
            raise SystemExit(1)
    for fact in card.facts:
        print(f"{dataset}: {fact}", file=sys.stderr)
    write_card(card, project.results(dataset) / "dataset.json")
    return card


def _kept(project: Project, dataset: str) -> DatasetCard | None:
    card, runs = (project.results(dataset) / name for name in ("dataset.json", "runs.parquet"))
    kept = read_card(card) if card.exists() and runs.exists() else None
    return kept if kept and kept.usable else None


def _check_parts(project: Project, card: DatasetCard) -> None:
    """Refuse a validation fraction with which each run would fail."""
    for levels in study_cells(project.study):
        fraction = project.study.recipe(card.name, levels).validation_fraction
        if fraction and not 0 < round(fraction * card.n_left) < card.n_left:
            raise StudyError(
                f"`validation_fraction` must leave images for training and for validation; got "
                f"{fraction:g} of the {card.n_left} of {card.name}. A fraction of 0.1 leaves "
                f"{round(0.1 * card.n_left)} for validation."
            )
