"""Stage `data`: have a dataset in the cache, and say what it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from data_loaders.errors import AbsentDataError, quoted
from data_loaders.load import load_content
from data_loaders.split import draw_split
from experiments.design.response_reader import check_responses
from experiments.design.shapes import check_shape
from experiments.errors import StudyError
from experiments.run.streams import stream
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
        fractions = sorted(_fractions(project, card))
        card = replace(card, facts=(*card.facts, *_absent_classes(project, card, fractions)))
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


def _fractions(project: Project, card: DatasetCard) -> set[float]:
    """Return the cells' validation fractions; refuse one with which each run would fail."""
    study, left = project.study, card.n_left
    recipes = (study.recipe(card.name, levels) for levels in study.cells.values())
    fractions = {recipe.validation_fraction for recipe in recipes}
    for fraction in fractions:
        if fraction and not 0 < round(fraction * left) < left:
            raise StudyError(
                f"`validation_fraction` must leave images for training and for validation; got "
                f"{fraction:g} of the {left} of {card.name}. A fraction of 0.1 leaves "
                f"{round(0.1 * left)} for validation."
            )
    return fractions


def _absent_classes(project: Project, card: DatasetCard, fractions: list[float]) -> Iterator[str]:
    """Say which classes some replicate's part lacks, of the very splits that its runs draw.

    Raises
    ------
    StudyError
        If a part would be empty, so that each run of the replicate would fail.
    """
    if not card.class_names:
        return
    study, data = project.study, load_content(card.name, card.content_hash)
    tested = data.y if data.y_test is None else data.y_test
    n, lacking = study.looks[card.name][-1], dict[str, dict[int, np.ndarray]]()
    for replicate, fraction in ((r, f) for r in range(n) for f in fractions):
        rng = stream(study.seed, card.name, replicate, "evaluation", "split")
        try:
            split = draw_split(data, validation_fraction=fraction, rng=rng)
        except ValueError as error:
            raise StudyError(f"replicate {replicate}: {error} Add examples or groups.") from error
        parts = {"training": data.y[split.train], "test": tested[split.test]}
        parts |= {"validation": data.y[split.validation]} if fraction else {}
        for part, labels in parts.items():
            absent = np.bincount(labels, minlength=data.n_classes) == 0
            if absent.any():
                known = lacking.setdefault(part, {})
                known[replicate] = absent | known.get(replicate, False)
    for part, found in lacking.items():
        names = np.array(card.class_names)[np.logical_or.reduce(list(found.values()))]
        word = "class" if len(names) == 1 else "classes"
        yield (
            f"the {part} part lacks {word} {quoted(', '.join(names))} in {len(found)} of {n} "
            f"replicates"
        )
