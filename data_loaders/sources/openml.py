"""OpenML, through scikit-learn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from data_loaders.arrays import Arrays, as_bytes


@dataclass(frozen=True)
class OpenML:
    """A dataset whose rows hold the training images first, then the test images.

    Parameters
    ----------
    data_name : str
        Its name at OpenML.
    version : int
        Its version there.
    n_train : int
        How many rows are the training part.
    """

    kind: ClassVar[str] = "openml"
    data_name: str
    version: int = 1
    n_train: int = 60_000
    label: str = "OpenML"
    contact: str | None = "https://www.openml.org/"

    def fetch(self, name: str, folder: Path) -> Arrays:
        """Return the arrays of OpenML's table."""
        from sklearn.datasets import fetch_openml

        # Its own cache would be a second, unverified one: it goes to the working folder.
        bunch = fetch_openml(
            self.data_name,
            version=self.version,
            as_frame=False,
            data_home=str(folder),
            n_retries=0,
            parser="auto",
        )
        side = math.isqrt(bunch.data.shape[1])
        images = as_bytes(bunch.data, where=f"{name} images").reshape(-1, side, side)
        labels = as_bytes(np.asarray(bunch.target).astype(np.int64), where=f"{name} labels")
        return {
            "images": images[: self.n_train],
            "labels": labels[: self.n_train],
            "test_images": images[self.n_train :],
            "test_labels": labels[self.n_train :],
        }
