"""The npz file that Keras downloads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import numpy as np

from data_loaders.arrays import Arrays
from data_loaders.sources.download import download


@dataclass(frozen=True)
class KerasNpz:
    """A dataset as one npz with Keras's names for the arrays.

    Parameters
    ----------
    url : str
        The file.
    """

    kind: ClassVar[str] = "keras"
    url: str

    @property
    def label(self) -> str:
        """The server's name, and whose file it is."""
        return f"Keras npz at {urlsplit(self.url).netloc}"

    @property
    def contact(self) -> str:
        """The file itself."""
        return self.url

    def fetch(self, name: str, folder: Path) -> Arrays:
        """Return the arrays under this project's names."""
        # NumPy leaves a file open that it opened itself and could not read.
        with (
            download(self.url, folder).open("rb") as file,
            np.load(file, allow_pickle=False) as npz,
        ):
            return {
                "images": npz["x_train"],
                "labels": npz["y_train"],
                "test_images": npz["x_test"],
                "test_labels": npz["y_test"],
            }
