"""The decoded arrays of a dataset: their names, their form, their content hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from data_loaders.errors import DataError

# `images` and `labels`, and, where a dataset has a canonical test part, `test_images` and
# `test_labels`.
Arrays = dict[str, np.ndarray]


def content_hash(arrays: Mapping[str, np.ndarray]) -> str:
    """Return the SHA-256 over names, dtypes, shapes and values of decoded arrays.

    The same content has the same hash whatever file format and source it came from.
    """
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.data)
    return digest.hexdigest()


def check_form(arrays: Mapping[str, np.ndarray], *, where: str, n_classes: int = 256) -> None:
    """Refuse arrays that cannot be a dataset.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        The decoded arrays.
    where : str
        What the error calls them.
    n_classes : int
        Labels must lie below it.

    Raises
    ------
    DataError
        If a part is missing, a dtype is not uint8, shapes disagree, a part is empty, or a label
        is out of range.
    """
    parts = ("", "test_") if {"test_images", "test_labels"} & arrays.keys() else ("",)
    for part in parts:
        missing = [key for key in (f"{part}images", f"{part}labels") if key not in arrays]
        if missing:
            raise DataError(f"{where} must hold `{missing[0]}`; got {', '.join(sorted(arrays))}.")
        images, labels = arrays[f"{part}images"], arrays[f"{part}labels"]
        if images.dtype != np.uint8 or labels.dtype != np.uint8:
            raise DataError(f"{where} must hold uint8; got {images.dtype} and {labels.dtype}.")
        if images.ndim != 3 or labels.shape != images.shape[:1] or not images.size:
            raise DataError(
                f"{where} must hold images (n, height, width) and one label per image; "
                f"got `{part}images` {images.shape} and `{part}labels` {labels.shape}."
            )
        if labels.max() >= n_classes:
            raise DataError(f"{where} labels must lie in 0…{n_classes - 1}; got {labels.max()}.")
    if len(parts) == 2 and arrays["images"].shape[1:] != arrays["test_images"].shape[1:]:
        raise DataError(
            f"{where} must hold training and test images of one size; "
            f"got {arrays['images'].shape[1:]} and {arrays['test_images'].shape[1:]}."
        )


def as_bytes(values: np.ndarray, *, where: str) -> np.ndarray:
    """Return whole numbers from 0 to 255 as uint8, whatever type a format keeps them in.

    Raises
    ------
    DataError
        If a value is not a whole number from 0 to 255: it would change silently.
    """
    if values.dtype == np.uint8:
        return values
    if not np.issubdtype(values.dtype, np.number):
        raise DataError(f"{where} must be whole numbers from 0 to 255; got {values.dtype}.")
    if values.size and not (values.min() >= 0 and values.max() <= 255):
        raise DataError(
            f"{where} must lie in 0…255; got {values.min()}…{values.max()}. "
            "Give pixels as whole numbers, not scaled."
        )
    converted = values.astype(np.uint8)
    if not np.array_equal(converted, values):
        raise DataError(f"{where} must be whole numbers from 0 to 255; got fractions.")
    return converted
