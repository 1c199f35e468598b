"""Digits as scikit-learn ships them: 1797 images of 8x8 pixels with values 0 to 16."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from data_loaders.arrays import Arrays, as_bytes


@dataclass(frozen=True)
class BundledDigits:
    """The digits inside scikit-learn, without a canonical test part; always there."""

    kind: ClassVar[str] = "sklearn"
    label: str = "scikit-learn"
    contact: str | None = None

    def fetch(self, name: str, folder: Path) -> Arrays:
        """Return scikit-learn's digits as bytes."""
        from sklearn.datasets import load_digits

        bunch = load_digits()
        return {
            "images": as_bytes(bunch.images, where=name),
            "labels": as_bytes(bunch.target, where=name),
        }
