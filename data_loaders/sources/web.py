"""Public mirrors, OpenML and Keras's npz, within a deadline."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from data_loaders.datasets import IDX_FILES, REGISTRY, Arrays
from data_loaders.deadline import Deadline
from data_loaders.idx import read_idx

_N_TRAIN = 60_000


def download(url: str, known_hash: str | None, folder: Path, deadline: Deadline) -> Path:
    """Fetch one file with pooch, which verifies it before it takes its name.

    Parameters
    ----------
    url : str
        What to fetch.
    known_hash : str, optional
        Expected SHA-256; without one the decoded arrays are verified later.
    folder : Path
        Where the file is put.
    deadline : Deadline
        How long a connection may keep silent.
    """
    import pooch

    pooch.get_logger().setLevel("ERROR")
    downloader = pooch.HTTPDownloader(
        progressbar=sys.stderr.isatty(), timeout=deadline.patience()
    )
    path: Any = pooch.retrieve(
        url, known_hash, fname=url.rsplit("/", 1)[-1], path=folder, downloader=downloader
    )
    return Path(path)


def from_mirror(name: str, base_url: str, deadline: Deadline) -> Arrays:
    """Fetch a dataset's four IDX files from one public mirror."""
    hashes = REGISTRY[name].file_hashes
    with tempfile.TemporaryDirectory(prefix="knockout-") as folder:
        return {
            part: read_idx(
                download(base_url + file, f"sha256:{hashes[part]}", Path(folder), deadline)
            )
            for part, file in IDX_FILES.items()
        }


def from_keras(url: str, deadline: Deadline) -> Arrays:
    """Fetch Keras's npz, whose arrays are the same under other names."""
    with tempfile.TemporaryDirectory(prefix="knockout-") as folder:
        with np.load(download(url, None, Path(folder), deadline), allow_pickle=False) as npz:
            return {
                "images": npz["x_train"],
                "labels": npz["y_train"],
                "test_images": npz["x_test"],
                "test_labels": npz["y_test"],
            }


def from_openml(openml_name: str, deadline: Deadline) -> Arrays:
    """Fetch from OpenML: 70,000 rows, of which the first 60,000 are the training part."""
    import socket

    from sklearn.datasets import fetch_openml

    silent = socket.getdefaulttimeout()
    socket.setdefaulttimeout(deadline.patience())
    try:
        with tempfile.TemporaryDirectory(prefix="knockout-") as folder:
            bunch = fetch_openml(
                openml_name, version=1, as_frame=False, data_home=folder, n_retries=1, parser="auto"
            )
    finally:
        socket.setdefaulttimeout(silent)
    images = bunch.data.reshape(-1, 28, 28).astype(np.uint8)
    labels = bunch.target.astype(np.uint8)
    return {
        "images": images[:_N_TRAIN],
        "labels": labels[:_N_TRAIN],
        "test_images": images[_N_TRAIN:],
        "test_labels": labels[_N_TRAIN:],
    }
