"""The figures of images and weights: confusions, first layer, augmentation."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from experiments.analysis.confusions import Confused, confusion_counts
from pipeline.champion.predictions import Answers
from pipeline.results.figures import augmented_pairs as samples
from pipeline.results.figures import first_layer_weights as first_layer
from pipeline.results.figures import most_confused as confused
from pipeline.results.figures.confusion_matrix import confusion_matrix
from pipeline.results.figures.kind import Kind, on_axes
from pipeline.results.figures.material import Material
from pipeline.results.figures.mosaic import mosaic_inches
from pipeline.results.figures.style import WIDTH

# What the sides of a mosaic leave free.
_SIDES, _NAMES = 0.15, 0.6


def _class_names(m: Material, answers: Answers) -> Sequence[str]:
    """Return a name for every class that the card knows or an answer holds."""
    names = m.results.cards[m.dataset].class_names
    seen = int(max(answers.labels.max(), answers.guesses.max())) + 1
    return [*names, *(str(i) for i in range(len(names), seen))]


def _confusion(axes: Axes, m: Material) -> str:
    answers = m.best_answers
    names = _class_names(m, answers)
    return confusion_matrix(
        axes,
        confusion_counts(answers.labels, answers.guesses, len(names)),
        cell=str(m.best_cell),
        class_names=names,
        n_runs=answers.n_runs,
    )


def _ranked(m: Material) -> list[Confused]:
    return m.confused[: 3 * confused.COLUMNS]


def _confused(axes: Axes, m: Material) -> str:
    return confused.most_confused(
        axes,
        m.hard_images,
        _ranked(m),
        class_names=_class_names(m, m.answers),
        n_runs=m.answers.n_runs,
    )


def _confused_height(m: Material) -> float:
    ranked, images = _ranked(m), m.hard_images
    height, width = images[ranked[0].index].shape[:2]
    gap = confused.gap_below(height)
    return mosaic_inches(
        len(ranked), (height, width), columns=confused.COLUMNS, gap=gap, width=WIDTH - _SIDES
    )


def _image_shape(m: Material) -> tuple[int, int]:
    height, width = m.results.cards[m.dataset].image_shape[:2]
    return height, width


def _weights(axes: Axes, m: Material) -> str:
    weights = m.exhibits.weights
    assert weights is not None
    return first_layer.first_layer_weights(axes, weights, _image_shape(m), cell=m.exhibits.cell)


def _weights_height(m: Material) -> float:
    weights, shape = m.exhibits.weights, _image_shape(m)
    assert weights is not None
    shown, room = min(weights.shape[1], first_layer.COUNT), first_layer.gap(shape[0])
    columns = first_layer.COLUMNS
    return mosaic_inches(shown, shape, columns=columns, gap=room, width=WIDTH - _SIDES)


def _samples(axes: Axes, m: Material) -> str:
    pictures = m.exhibits.pictures
    assert pictures is not None
    return samples.sample_images(
        axes, pictures.originals, pictures.augmented, augmentation=pictures.augmentation
    )


def _is_augmented(m: Material) -> bool:
    return m.exhibits.pictures is not None and bool(m.exhibits.pictures.augmentation)


def _samples_height(m: Material) -> float:
    pictures = m.exhibits.pictures
    assert pictures is not None
    height, width = pictures.originals.shape[1:3]
    room = samples.gap(height)
    return mosaic_inches(
        3 * samples.COUNT, (height, width), columns=samples.COUNT, gap=room,
        width=WIDTH - _SIDES - _NAMES,
    )  # fmt: skip


PICTURES: tuple[Kind, ...] = (
    Kind(
        "confusion_matrix",
        "What the best cell confuses",
        "Counted over all its runs.",
        "best cell",
        lambda m: m.best_cell is not None and m.best_answers.n_runs > 0,
        lambda _: 4.3,
        on_axes(_confusion),
    ),
    Kind(
        "most_confused",
        "Images that are wrong most often",
        "Some are mislabelled or unreadable: no recipe will get them right.",
        "cells",
        lambda m: len(_ranked(m)) > 0,
        _confused_height,
        on_axes(_confused),
    ),
    Kind(
        "first_layer_weights",
        "What the first layer looks for",
        "Each tile shows how one unit of the first layer weighs the pixels.",
        "champion",
        lambda m: m.exhibits.weights is not None,
        _weights_height,
        on_axes(_weights),
    ),
    Kind(
        "sample_images",
        "Augmentation off and on",
        "Training images, the same images as the network was given them, and what changed.",
        "champion",
        _is_augmented,
        _samples_height,
        on_axes(_samples),
    ),
)
