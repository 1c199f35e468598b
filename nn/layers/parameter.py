"""A trainable array of a layer and its gradient."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nn.aligned import aligned_zeros


@dataclass(eq=False)
class Parameter:
    """One trainable array: a view on the network's flat vectors once the network is built.

    Parameters
    ----------
    name : str
        Unique within the layer.
    shape : tuple of int
        Weight matrices are (n_inputs, n_outputs), everything else is (n,).
    is_weight : bool
        Weights are laid out first and are what penalties, weight decay and max-norm act on;
        biases and BatchNorm parameters never are.
    rate_factor : float
        Multiple of the learning rate by which it moves.
    """

    name: str
    shape: tuple[int, ...]
    is_weight: bool = False
    rate_factor: float = 1.0
    value: np.ndarray = field(init=False, repr=False)
    gradient: np.ndarray = field(init=False, repr=False)


def lay_out(
    parameters: list[Parameter], dtype: np.dtype
) -> tuple[np.ndarray, np.ndarray, int, list[tuple[int, float]]]:
    """Give every parameter its place in one flat vector of values and one of gradients.

    Returns
    -------
    values, gradients : ndarray, shape (n_parameters,)
        Zero-filled; each ``Parameter`` holds views on them. Weights come first.
    n_weights : int
        The length of the prefix that holds the weights.
    stretches : list of (int, float)
        Where each stretch of one ``rate_factor`` ends, and that factor.
    """
    ordered = sorted(parameters, key=lambda parameter: not parameter.is_weight)
    sizes = [int(np.prod(parameter.shape)) for parameter in ordered]
    values, gradients = (aligned_zeros((sum(sizes),), dtype) for _ in range(2))
    start = 0
    stretches: list[tuple[int, float]] = []
    for parameter, size in zip(ordered, sizes, strict=True):
        parameter.value = values[start : start + size].reshape(parameter.shape)
        parameter.gradient = gradients[start : start + size].reshape(parameter.shape)
        start += size
        if stretches and stretches[-1][1] == parameter.rate_factor:
            stretches.pop()
        stretches.append((start, parameter.rate_factor))
    n_weights = sum(int(np.prod(p.shape)) for p in parameters if p.is_weight)
    return values, gradients, n_weights, stretches
