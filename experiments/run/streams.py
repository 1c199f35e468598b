"""Independent random generators, one for each purpose of each block."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Literal

import numpy as np

StreamSet = Literal["evaluation", "placebo"]
Draw = Callable[[str], np.random.Generator]


def stream(
    seed: int, dataset: str, replicate: int, streams: StreamSet, purpose: str
) -> np.random.Generator:
    """Return the generator for one purpose.

    The key is made of names alone, never of a cell or of an order of calls: every cell of
    a block meets the same split, initial weights and batch order, whatever it switches.
    The placebo arm shares its block's split and draws all else anew. The trials of a block draw
    what its runs draw.

    Parameters
    ----------
    seed : int
        The study's seed.
    dataset : str
        The dataset's name.
    replicate : int
        Which repetition.
    streams : {"evaluation", "placebo"}
        Which family of replicates.
    purpose : str
        What the generator is for, such as "split", "init", "order", "dropout".
    """
    family = "evaluation" if (streams, purpose) == ("placebo", "split") else streams
    name = f"{dataset}/{family}/{replicate}/{purpose}"
    words = np.frombuffer(hashlib.sha256(name.encode()).digest(), np.uint32)
    sequence = np.random.SeedSequence(seed, spawn_key=tuple(int(word) for word in words))
    return np.random.Generator(np.random.PCG64(sequence))
