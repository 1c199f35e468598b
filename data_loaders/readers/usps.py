"""USPS: digits from envelopes, 16 x 16, in LIBSVM's text format."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from data_loaders.arrays import Arrays

USPS_FILES = {"train": "usps.bz2", "test": "usps.t.bz2"}
_SIDE = 16


def read_usps(paths: Mapping[str, Path]) -> Arrays:
    """Read both files; grey values in [-1, 1] become bytes, classes 1…10 become 0…9.

    References
    ----------
    Hull (1994), A database for handwritten text recognition research.
    """
    from sklearn.datasets import load_svmlight_file

    arrays: Arrays = {}
    for part, prefix in (("train", ""), ("test", "test_")):
        rows, labels = load_svmlight_file(str(paths[part]), n_features=_SIDE**2)
        grey = np.rint((rows.toarray() + 1) * 127.5).clip(0, 255)
        arrays[f"{prefix}images"] = grey.astype(np.uint8).reshape(-1, _SIDE, _SIDE)
        arrays[f"{prefix}labels"] = (labels - 1).astype(np.uint8)
    return arrays
