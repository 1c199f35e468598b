"""The decoded arrays of a dataset: their names, their form, their content hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from data_loaders.errors import DataError

# `images` and `labels`; a table has `features` instead, numbers to predict are `targets`. With
# `test_` in front: the given test part. `groups`, `validation` and `about` are there when needed.
Arrays = dict[str, np.ndarray]
# Far beyond any dataset that fits here: what a damaged header states must not fill the memory.
LARGEST_BYTES = 2**33


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


def describe(class_names: Sequence[str], features: Sequence[tuple[str, str]]) -> np.ndarray:
    """Return what the numbers stand for as an array of bytes: it is content too.

    Parameters
    ----------
    class_names : sequence of str
        One name per class; none where numbers are predicted.
    features : sequence of (str, str)
        Of each column of a table the name of its source column and, for one category of it, the
        category; "" for a number.
    """
    text = json.dumps(
        {"class_names": list(class_names), "features": [list(f) for f in features]},
        ensure_ascii=False,
    )
    return np.frombuffer(text.encode(), np.uint8)


def read_description(arrays: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Return what `describe` wrote; without it, nothing is known but the arrays."""
    if "about" not in arrays:
        return {"class_names": [], "features": []}
    content: dict[str, Any] = json.loads(arrays["about"].tobytes())
    return content


def check_form(arrays: Mapping[str, np.ndarray], *, where: str, n_classes: int = 256) -> None:
    """Refuse arrays that cannot be a dataset of grey images.

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
    if values.dtype.kind not in "buif":
        raise DataError(f"{where} must be whole numbers from 0 to 255; got {values.dtype}.")
    if values.size and not (values.min() >= 0 and values.max() <= 255):
        raise DataError(
            f"{where} must lie in 0…255; got {values.min()}…{values.max()}. "
            "Give pixels as whole numbers, not scaled."
        )
    converted = values.astype(np.uint8)
    if not np.array_equal(converted, values):
        raise DataError(
            f"{where} must be whole numbers from 0 to 255; got fractions. Write "
            "(255 * images).round().astype('uint8') where they were scaled to 0…1."
        )
    return converted
