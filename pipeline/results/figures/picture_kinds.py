"""The figures of images and weights: confusions, first layer, augmentation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from pipeline.champion.predictions import Answers, answers_of
from pipeline.champion.sample_images import CONFUSED
from pipeline.results.figures import first_layer_weights as first_layer
from pipeline.results.figures import sample_images as samples
from pipeline.results.figures.answer_kinds import WIDTH
from pipeline.results.figures.confusion_matrix import confusion_counts, confusion_matrix
from pipeline.results.figures.kind import Kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.mosaic import mosaic_inches
from pipeline.results.figures.most_confused import (
    COLUMNS,
    Confused,
    gap_below,
    most_confused,
    rank_confused,
)


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
    return first_layer.first_layer_weights(
        axes, weights, (height, width), dataset=m.title, cell=m.exhibits.cell
    )


def _samples(axes: Axes, m: Material) -> Axes:
    pictures = m.exhibits.pictures
    assert pictures is not None
    return samples.sample_images(
        axes,
        pictures.originals,
        pictures.augmented,
        dataset=m.title,
        augmentation=pictures.augmentation,
    )


def _is_augmented(m: Material) -> bool:
    return m.exhibits.pictures is not None and bool(m.exhibits.pictures.augmentation)


# Title and caption above a mosaic, and what its sides leave free.
_HEAD, _SIDES = 0.8, 0.25


def _confused_size(m: Material) -> tuple[float, float]:
    ranked, pictures = _ranked(m), m.exhibits.pictures
    assert pictures is not None
    shape = pictures.confused.shape[1:]
    gap = gap_below(shape[0])
    height = mosaic_inches(len(ranked), shape, columns=COLUMNS, gap=gap, width=WIDTH - _SIDES)
    return WIDTH, height + _HEAD


def _weights_size(m: Material) -> tuple[float, float]:
    weights, shape = m.exhibits.weights, m.results.datasets[m.dataset]["image_shape"]
    assert weights is not None
    shown, room = min(weights.shape[1], first_layer.COUNT), first_layer.gap(shape[0])
    columns = first_layer.COLUMNS
    height = mosaic_inches(shown, shape, columns=columns, gap=room, width=WIDTH - _SIDES)
    return WIDTH, height + _HEAD + 0.15


def _samples_size(m: Material) -> tuple[float, float]:
    pictures = m.exhibits.pictures
    assert pictures is not None
    count, *shape = pictures.originals.shape
    room = samples.gap(shape[0])
    width = WIDTH - _SIDES - 0.4
    height = mosaic_inches(2 * count, tuple(shape), columns=count, gap=room, width=width)
    return WIDTH, height + _HEAD - 0.2


PICTURES: tuple[Kind, ...] = (
    Kind(
        "confusion_matrix",
        "Confusions",
        "What the best cell confuses",
        "Counted over all its runs.",
        "best cell",
        _has_answers,
        lambda _: (WIDTH, 5.0),
        _confusion,
    ),
    Kind(
        "most_confused",
        "Hard images",
        "Images that are wrong most often",
        "Some are mislabelled or unreadable: no recipe will get them right.",
        "best cell",
        lambda m: _has_answers(m) and len(_ranked(m)) > 0,
        _confused_size,
        _confused,
    ),
    Kind(
        "first_layer_weights",
        "Weights",
        "What the first layer looks for",
        "Each tile shows how one unit of the first layer weighs the pixels.",
        "champion",
        lambda m: m.exhibits.weights is not None,
        _weights_size,
        _weights,
    ),
    Kind(
        "sample_images",
        "Augmentation",
        "Augmentation off and on",
        "Above, training images; below, the same images as the network was given them.",
        "champion",
        _is_augmented,
        _samples_size,
        _samples,
    ),
)
