"""The few images that a report shows of a dataset, kept beside its champion."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_loaders.datasets import Dataset
from experiments.analysis.confusions import rank_confused
from experiments.network.augment import augmenter
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.execute import Executed
from experiments.run.run_spec import RunSpec
from pipeline import atomic
from pipeline.study.store.run_tables import answers_in

FILE = "pictures.npz"
# As many as the figures choose from.
CONFUSED, SAMPLES = 16, 30


@dataclass(frozen=True, eq=False)
class Answers:
    """Classes that several runs gave their test examples, one run after the other: (n_answers,).

    `index` says which image was asked about.
    """

    index: NDArray[np.int64]
    labels: NDArray[np.uint16]
    guesses: NDArray[np.uint16]
    n_runs: int


def answers_of(predictions: pd.DataFrame, run_keys: Collection[str]) -> Answers:
    """Return the answers of these runs, in the table's order; none where numbers are predicted."""
    asked = predictions["run_key"].isin(run_keys) & (predictions["n_classes"] > 0)
    rows = predictions[asked]
    known = [answers_in(row) for row in rows.to_dict("records")]
    nothing = np.empty(0, np.uint16)
    return Answers(
        np.frombuffer(b"".join(rows["test_index"]), np.int64),
        np.concatenate([nothing, *(labels for labels, _ in known)]),
        np.concatenate([nothing, *(o.argmax(axis=1).astype(np.uint16) for _, o in known)]),
        len(rows),
    )


@dataclass(frozen=True, eq=False)
class Pictures:
    """Images for the report's figures, of shape (k, h, w).

    Which test images the study's runs get wrong most often, and those images; training images,
    and the same after the study's augmentation, which is empty, and they as they were, when the
    study has none.
    """

    confused_index: NDArray[np.int64]
    confused: NDArray[np.uint8]
    originals: NDArray[np.float32]
    augmented: NDArray[np.float32]
    augmentation: str


def take_pictures(
    dataset: Dataset,
    executed: Executed,
    spec: RunSpec,
    answers: Answers,
    augmented: NetworkRecipe | None,
) -> Pictures:
    """Choose the images that the report shows.

    Sample images come from the training part of the champion's run, `executed` of `spec`, one of
    each class first; `answers` are those of all runs of the dataset's cells, and `augmented` is a
    recipe of the study with augmentation.
    """
    ranked = rank_confused(answers.index, answers.labels, answers.guesses, count=CONFUSED)
    index = np.array([item.index for item in ranked], np.int64)
    tested = dataset.x if dataset.x_test is None else dataset.x_test
    train = executed.split.train
    _, first = np.unique(np.asarray(dataset.y)[train], return_index=True)
    rest = np.setdiff1d(np.arange(min(len(train), 2 * SAMPLES)), first)
    originals = dataset.x[train[np.concatenate([first, rest])[:SAMPLES]]].astype(np.float32)
    rng = spec.generator("augmentation")
    augment = augmenter(augmented.augmentation, rng=rng) if augmented else None
    after = originals.copy()
    return Pictures(
        index,
        np.asarray(tested[index], np.uint8),
        originals,
        np.asarray(augment(after) if augment else after, np.float32),
        _in_words(augmented) if augmented else "",
    )


def _in_words(recipe: NetworkRecipe) -> str:
    """Say what an augmentation does: "shift (max_shift 1), noise"."""
    named = []
    for component in recipe.augmentation:
        options = ", ".join(f"{key} {value}" for key, value in component.options.items())
        named.append(f"{component.name} ({options})" if options else component.name)
    return ", ".join(named)


def write_pictures(pictures: Pictures, folder: Path) -> None:
    """Write the images to the champion's folder."""
    arrays = {name: np.asarray(value) for name, value in vars(pictures).items()}
    atomic.write_with(folder / FILE, lambda path: np.savez_compressed(path, **arrays))  # type: ignore[arg-type]


def read_pictures(folder: Path) -> Pictures:
    """Read the images back; nothing in the file is executed."""
    with np.load(folder / FILE, allow_pickle=False) as stored:
        return Pictures(**{**stored, "augmentation": str(stored["augmentation"])})
