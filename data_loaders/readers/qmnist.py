"""QMNIST: MNIST rebuilt from NIST's originals, with all 60,000 test digits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from data_loaders.arrays import Arrays, as_bytes
from data_loaders.readers.idx import INT32, parse_idx

QMNIST_FILES = {
    "images": "qmnist-train-images-idx3-ubyte.gz",
    "labels": "qmnist-train-labels-idx2-int.gz",
    "test_images": "qmnist-test-images-idx3-ubyte.gz",
    "test_labels": "qmnist-test-labels-idx2-int.gz",
}


def read_qmnist(paths: Mapping[str, Path]) -> Arrays:
    """Read the four files; of the eight facts per digit the first is its class.

    References
    ----------
    Yadav and Bottou (2019), Cold case: the lost MNIST digits.
    """
    arrays: Arrays = {}
    for part, path in paths.items():
        content = path.read_bytes()
        if part.endswith("images"):
            arrays[part] = parse_idx(content, where=path.name, n_dimensions=3)
        else:
            facts = parse_idx(content, where=path.name, n_dimensions=2, dtype=INT32)
            arrays[part] = as_bytes(facts[:, 0], where=path.name)
    return arrays
