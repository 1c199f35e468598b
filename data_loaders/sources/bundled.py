"""Digits as scikit-learn ships them: 1797 images of 8x8 pixels with values 0 to 16."""

from __future__ import annotations

import numpy as np

from data_loaders.datasets import Arrays


def digits() -> Arrays:
    """Return scikit-learn's digits as bytes, without a canonical test part."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return {"images": bunch.images.astype(np.uint8), "labels": bunch.target.astype(np.uint8)}
