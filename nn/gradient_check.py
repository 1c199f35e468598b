"""Check analytic gradients against finite differences along random directions."""

from __future__ import annotations

from copy import deepcopy

import numpy as np

from nn.losses.loss import Loss
from nn.network import Network
from nn.penalties.penalty import Penalty


def gradient_error(
    network: Network,
    loss: Loss,
    x: np.ndarray,
    targets: np.ndarray,
    *,
    rng: np.random.Generator,
    penalty: Penalty | None = None,
    n_directions: int = 5,
    step: float | None = None,
    training: bool = True,
) -> float:
    """Return the largest relative error of the directional derivative over random directions.

    ``|g.d - (L(w + h d) - L(w - h d)) / 2h| / max(|both|)`` with unit directions d: two
    evaluations per direction, however many parameters there are.

    Parameters
    ----------
    network, loss, x, targets, penalty
        What is checked; the parameters are left as they were.
    rng : Generator
        Draws the directions.
    n_directions : int
    step : float, optional
        h; the cube root of the precision by default (float64: 6e-6).
    training : bool
        Check the training mode; dropout draws the same mask at every evaluation.
    """
    h = float(np.cbrt(np.finfo(network.dtype).eps)) if step is None else step
    bits = None if network.dropout_rng is None else network.dropout_rng.bit_generator
    held = {} if bits is None else deepcopy(bits.state)

    def evaluate() -> tuple[float, np.ndarray]:
        if bits is not None:
            bits.state = deepcopy(held)
        value, gradient = loss(network.forward(x, training=training), targets)
        return value + (0.0 if penalty is None else penalty.value(network.weights)), gradient

    network.backward(evaluate()[1])
    if penalty is not None:
        penalty.add_gradient(network.weights, network.weight_gradients)
    analytic, start = network.gradients.copy(), network.parameters.copy()
    worst = 0.0
    for _ in range(n_directions):
        direction = rng.standard_normal(len(start))
        direction /= np.linalg.norm(direction)
        values = []
        for sign in (1, -1):
            network.parameters[...] = start + sign * h * direction
            values.append(evaluate()[0])
        numeric = (values[0] - values[1]) / (2 * h)
        exact = float(analytic @ direction)
        scale = max(abs(numeric), abs(exact))
        worst = max(worst, abs(numeric - exact) / scale if scale else 0.0)
    network.parameters[...] = start
    return worst
