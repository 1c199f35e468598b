"""EMNIST: letters and digits of the NIST database, in one zip archive of IDX files."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from data_loaders.arrays import Arrays
from data_loaders.readers.idx import parse_idx

EMNIST_FILES = {"archive": "gzip.zip"}


def read_emnist(paths: Mapping[str, Path], *, subset: str) -> Arrays:
    """Read one subset, "letters" or "balanced", from the archive.

    Members are read by their names, never unpacked into a folder.

    Notes
    -----
    Images are stored transposed, and letters are numbered from 1.

    References
    ----------
    Cohen, Afshar, Tapson and van Schaik (2017), EMNIST: an extension of MNIST to handwritten
    letters.
    """
    arrays: Arrays = {}
    with zipfile.ZipFile(paths["archive"]) as archive:
        for part, prefix in (("train", ""), ("test", "test_")):
            for kind, n_dimensions in (("images", 3), ("labels", 1)):
                name = f"gzip/emnist-{subset}-{part}-{kind}-idx{n_dimensions}-ubyte.gz"
                arrays[f"{prefix}{kind}"] = parse_idx(
                    archive.read(name), where=name, n_dimensions=n_dimensions
                )
            images = arrays[f"{prefix}images"].transpose(0, 2, 1)
            arrays[f"{prefix}images"] = np.ascontiguousarray(images)
            if subset == "letters":
                arrays[f"{prefix}labels"] = arrays[f"{prefix}labels"] - np.uint8(1)
    return arrays
