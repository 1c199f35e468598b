"""What a network tells a layer about the place that it has in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.aligned import aligned_zeros


@dataclass(frozen=True)
class Surroundings:
    """What a layer must know, beside its input width, to allocate its memory.

    Parameters
    ----------
    capacity : int
        The largest number of rows that it will be given.
    dtype : dtype
        That of everything in the network.
    overwrite : bool
        Whether the input is the network's own memory and free to be reused.
    dropout_rng : Generator, optional
        Draws dropout masks.
    """

    capacity: int
    dtype: np.dtype
    overwrite: bool
    dropout_rng: np.random.Generator | None

    def buffer(self, width: int) -> np.ndarray:
        """Return memory for the largest batch, (capacity, width)."""
        return aligned_zeros((self.capacity, width), self.dtype)
