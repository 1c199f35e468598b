"""A dataset in memory: images and labels that were verified."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


# Runs depend on this file: addresses and hashes stand in registry.py, so that a new mirror
# re-runs nothing.
@dataclass(frozen=True, eq=False)
class Dataset:
    """Decoded images and labels.

    Parameters
    ----------
    name : str
        The name in tables and folders.
    images, test_images : ndarray of uint8, shape (n, height, width)
        Raw pixels, read-only. `test_images` is None when the dataset has no canonical test part.
    labels, test_labels : ndarray of uint8, shape (n,)
        Classes from 0.
    class_names : tuple of str
        One name per class.
    content_hash : str
        SHA-256 over the decoded arrays.
    """

    name: str
    images: np.ndarray
    labels: np.ndarray
    test_images: np.ndarray | None
    test_labels: np.ndarray | None
    class_names: tuple[str, ...]
    content_hash: str

    @property
    def n_classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)
