"""The figures of images and weights: confusions, first layer, augmentation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from pipeline.figures.answer_kinds import WIDTH
from pipeline.figures.confusion_matrix import confusion_counts, confusion_matrix
from pipeline.figures.first_layer_weights import first_layer_weights
from pipeline.figures.kind import Kind
from pipeline.figures.material import Material
from pipeline.figures.most_confused import Confused, most_confused, rank_confused
from pipeline.figures.sample_images import sample_images
from pipeline.pictures import CONFUSED
from pipeline.predictions import Answers, answers_of


def _class_names(m: Material, n_classes: int) -> Sequence[str]:
    names = [str(name) for name in m.results.datasets[m.dataset].get("class_names", [])]
    return names if len(names) == n_classes else [str(i) for i in range(n_classes)]


def _answers(m: Material) -> Answers:
    """Return what the best cell's runs answered."""
    runs = m.runs[(m.runs["cell"] == m.best_cell) & (m.runs["status"] == "ok")]
    return answers_of(m.results.predictions, set(runs["run_key"]))


def _has_answers(m: Material) -> bool:
    return m.best_cell is not None and _answers(m).n_runs > 0


def _n_classes(m: Material, answers: Answers) -> int:
    seen = int(max(answers.labels.max(), answers.guesses.max())) + 1
    return max(seen, len(m.results.datasets[m.dataset].get("class_names", [])))


def _confusion(axes: Axes, m: Material) -> Axes:
    answers = _answers(m)
    count = _n_classes(m, answers)
    return confusion_matrix(
        axes,
        confusion_counts(answers.labels, answers.guesses, count),
        dataset=m.title,
        cell=str(m.best_cell),
        class_names=_class_names(m, count),
        n_runs=answers.n_runs,
    )


def _wrong_images(m: Material) -> dict[int, NDArray[np.uint8]]:
    pictures = m.exhibits.pictures
    if pictures is None:
        return {}
    return dict(zip(pictures.confused_index.tolist(), pictures.confused, strict=True))


def _ranked(m: Material) -> list[Confused]:
    """Return the best cell's usual errors of which the image is at hand."""
    answers, images = _answers(m), _wrong_images(m)
    ranked = rank_confused(answers.index, answers.labels, answers.guesses, count=CONFUSED)
    return [item for item in ranked if item.index in images]


def _confused(axes: Axes, m: Material) -> Axes:
    return most_confused(
        axes,
        _wrong_images(m),
        _ranked(m),
        dataset=m.title,
        cell=str(m.best_cell),
        class_names=_class_names(m, _n_classes(m, _answers(m))),
    )


def _weights(axes: Axes, m: Material) -> Axes:
    weights, shape = m.exhibits.weights, m.results.datasets[m.dataset]["image_shape"]
    assert weights is not None
    height, width = (int(side) for side in shape[:2])
    return first_layer_weights(
        axes, weights, (height, width), dataset=m.title, cell=m.exhibits.cell
    )


def _samples(axes: Axes, m: Material) -> Axes:
    pictures = m.exhibits.pictures
    assert pictures is not None
    return sample_images(
        axes,
        pictures.originals,
        pictures.augmented,
        dataset=m.title,
        augmentation=pictures.augmentation,
    )


def _is_augmented(m: Material) -> bool:
    return m.exhibits.pictures is not None and bool(m.exhibits.pictures.augmentation)


PICTURES: tuple[Kind, ...] = (
    Kind(
        "confusion_matrix",
        "What the best cell confuses",
        "Counted over all its runs.",
        _has_answers,
        lambda _: (WIDTH, 5.0),
        _confusion,
    ),
    Kind(
        "most_confused",
        "Images that are wrong most often",
        "Some are mislabelled or unreadable: no recipe will get them right.",
        lambda m: _has_answers(m) and len(_ranked(m)) > 0,
        lambda _: (WIDTH, 5.2),
        _confused,
    ),
    Kind(
        "first_layer_weights",
        "What the first layer looks for",
        "Regularised networks show strokes and edges where others show noise.",
        lambda m: m.exhibits.weights is not None,
        lambda _: (WIDTH, 3.7),
        _weights,
    ),
    Kind(
        "sample_images",
        "Augmentation off and on",
        "What the network is given.",
        _is_augmented,
        lambda _: (WIDTH, 2.4),
        _samples,
    ),
)
