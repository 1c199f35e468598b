"""A network's loss, accuracy and answers on a part of a dataset, in evaluation mode."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from data_loaders.datasets import Dataset
from data_loaders.scaling import Scaling
from data_loaders.split import Split
from nn.losses.loss import Loss
from nn.network import Network


def evaluate(
    network: Network, *, loss: Loss, dataset: Dataset, indices: np.ndarray, scaling: Scaling
) -> tuple[float, float]:
    """Return mean loss and accuracy on some training images."""
    total, correct = 0.0, 0
    for batch, logits in _in_batches(network, dataset.x, indices, scaling):
        labels = dataset.y[batch].astype(np.int64)
        total += loss(logits, labels)[0] * len(batch)
        correct += int(np.count_nonzero(logits.argmax(axis=1) == labels))
    return total / len(indices), correct / len(indices)


def read_test(
    network: Network, dataset: Dataset, split: Split, scaling: Scaling
) -> tuple[np.ndarray, np.ndarray]:
    """Return true and predicted classes of the test part.

    The one place where test labels are read; a run calls it once, after the epoch was chosen
    on validation data.
    """
    if dataset.x_test is not None and dataset.y_test is not None:
        images, labels = dataset.x_test, dataset.y_test
    else:
        images, labels = dataset.x, dataset.y
    predictions = [
        logits.argmax(axis=1).astype(np.uint8)
        for _, logits in _in_batches(network, images, split.test, scaling)
    ]
    return np.asarray(labels[split.test]), np.concatenate(predictions)


def _in_batches(
    network: Network, images: np.ndarray, indices: np.ndarray, scaling: Scaling
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield some images' indices with their logits, a view, one batch at a time.

    Never more than a batch of images is held as floats.
    """
    for start in range(0, len(indices), network.capacity):
        batch = indices[start : start + network.capacity]
        yield batch, network.forward(scaling.apply(images[batch]))
