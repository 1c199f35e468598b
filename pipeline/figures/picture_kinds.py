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
from pipeline.figures.most_confused import most_confused, rank_confused
from pipeline.figures.sample_images import sample_images

_SHOWN = 18


def _class_names(m: Material, n_classes: int) -> Sequence[str]:
    names = [str(name) for name in m.results.datasets[m.dataset].get("class_names", [])]
    return names if len(names) == n_classes else [str(i) for i in range(n_classes)]


def _answers(m: Material) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.uint8], int]:
    """Return test_index, labels and predictions of the best cell's runs, and their number."""
    runs = m.runs[(m.runs["cell"] == m.best_cell) & (m.runs["status"] == "ok")]
    rows = m.results.predictions[m.results.predictions["run_key"].isin(runs["run_key"])]
    index = np.frombuffer(b"".join(rows["test_index"]), np.int64)
    labels = np.frombuffer(b"".join(rows["labels"]), np.uint8)
    guesses = np.frombuffer(b"".join(rows["predictions"]), np.uint8)
    return index, labels, guesses, len(rows)


def _has_answers(m: Material) -> bool:
    return len(m.results.predictions) > 0 and m.best_cell is not None and _answers(m)[3] > 0


def _n_classes(labels: NDArray[np.uint8], guesses: NDArray[np.uint8]) -> int:
    return int(max(labels.max(), guesses.max())) + 1


def _confusion(axes: Axes, m: Material) -> Axes:
    _, labels, guesses, runs = _answers(m)
    count = max(_n_classes(labels, guesses), int(m.results.datasets[m.dataset].get("n_classes", 0)))
    return confusion_matrix(
        axes,
        confusion_counts(labels, guesses, count),
        dataset=m.title,
        cell=str(m.best_cell),
        class_names=_class_names(m, count),
        n_runs=runs,
    )


def _has_wrong_images(m: Material) -> bool:
    if m.exhibits.test_images is None or not _has_answers(m):
        return False
    _, labels, guesses, _ = _answers(m)
    return bool((labels != guesses).any())


def _confused(axes: Axes, m: Material) -> Axes:
    index, labels, guesses, _ = _answers(m)
    images = m.exhibits.test_images
    assert images is not None
    count = max(_n_classes(labels, guesses), int(m.results.datasets[m.dataset].get("n_classes", 0)))
    return most_confused(
        axes,
        images,
        rank_confused(index, labels, guesses, count=_SHOWN),
        dataset=m.title,
        cell=str(m.best_cell),
        class_names=_class_names(m, count),
    )


def _weights(axes: Axes, m: Material) -> Axes:
    weights, shape = m.exhibits.weights, m.results.datasets[m.dataset]["image_shape"]
    assert weights is not None
    height, width = (int(side) for side in shape[:2])
    return first_layer_weights(
        axes, weights, (height, width), dataset=m.title, cell=str(m.best_cell)
    )


def _samples(axes: Axes, m: Material) -> Axes:
    before, after = m.exhibits.originals, m.exhibits.augmented
    assert before is not None
    assert after is not None
    return sample_images(axes, before, after, dataset=m.title, augmentation=m.exhibits.augmentation)


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
        _has_wrong_images,
        lambda _: (WIDTH, 5.2),
        _confused,
    ),
    Kind(
        "first_layer_weights",
        "What the first layer looks for",
        "Regularised networks show strokes and edges where others show noise.",
        lambda m: m.exhibits.weights is not None and m.best_cell is not None,
        lambda _: (WIDTH, 3.7),
        _weights,
    ),
    Kind(
        "sample_images",
        "Augmentation off and on",
        "What the network is given.",
        lambda m: m.exhibits.originals is not None and m.exhibits.augmented is not None,
        lambda _: (WIDTH, 2.4),
        _samples,
    ),
)
