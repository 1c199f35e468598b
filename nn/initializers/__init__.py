"""Initializers: ``initializer(shape, *, rng) -> float64 array``."""

from collections.abc import Callable

import numpy as np

from nn.initializers.constant import constant
from nn.initializers.glorot import glorot_normal, glorot_uniform
from nn.initializers.he import he_normal, he_uniform
from nn.initializers.lecun import lecun_normal, lecun_uniform
from nn.initializers.normal import normal
from nn.initializers.orthogonal import orthogonal
from nn.initializers.uniform import uniform
from nn.initializers.zeros import zeros

INITIALIZERS: dict[str, Callable[..., np.ndarray]] = {
    "zeros": zeros,
    "constant": constant,
    "normal": normal,
    "uniform": uniform,
    "glorot_normal": glorot_normal,
    "glorot_uniform": glorot_uniform,
    "he_normal": he_normal,
    "he_uniform": he_uniform,
    "lecun_normal": lecun_normal,
    "lecun_uniform": lecun_uniform,
    "orthogonal": orthogonal,
}

__all__ = [
    "INITIALIZERS",
    "constant",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "orthogonal",
    "uniform",
    "zeros",
]
