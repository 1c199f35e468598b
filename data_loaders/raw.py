"""What a reader found in a file, before it is known whether it can be a dataset."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Raw:
    """Examples and labels as they stand in a file.

    Parameters
    ----------
    x : ndarray or DataFrame
        Images (n, height, width[, channels]), a matrix (n, d), or a table.
    y : ndarray
        Labels or numbers of any type, one per example.
    x_test, y_test : like x and y, or None
        The test part where the file has one.
    groups : ndarray or None
        What must stay together, one value per example.
    parts : ndarray or None
        The words train, validation and test, one per example.
    notes : list of str
        What the reader did that its user should know.
    """

    x: np.ndarray | pd.DataFrame
    y: np.ndarray
    x_test: np.ndarray | pd.DataFrame | None = None
    y_test: np.ndarray | None = None
    groups: np.ndarray | None = None
    parts: np.ndarray | None = None
    notes: list[str] = field(default_factory=list)
