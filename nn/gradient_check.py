"""Check analytic gradients against finite differences along random directions."""

from __future__ import annotations

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
    step: float = 6e-6,
    training: bool = True,
) -> float:
    """Return the largest relative error of the directional derivative over random directions.

    ``|g.d - (L(w + h d) - L(w - h d)) / 2h| / max(|both|)`` with unit directions d: two
    evaluations per direction, however many parameters there are. The gradient g is that of the
    network in its own precision; the differences are taken on a float64 copy, for in float32 the
    rounding of L would drown them.

    Parameters
    ----------
    network, loss, x, targets, penalty
        What is checked; the parameters are left as they were.
    rng : Generator
        Draws the directions.
    n_directions : int
    step : float
        h; by default the cube root of the precision of float64.
    training : bool
        Check the training mode; dropout draws the same mask at every evaluation.
    """
    twin, wide = network.astype(np.float64), x.astype(np.float64)
    bits = None if twin.dropout_rng is None else twin.dropout_rng.bit_generator
    held = {} if bits is None else bits.state

    def differ(direction: np.ndarray) -> float:
        values = []
        for sign in (1, -1):
            if bits is not None:
                bits.state = held
            twin.parameters[...] = start + sign * step * direction
            value, _ = loss(twin.forward(wide, training=training), targets)
            values.append(value + (0.0 if penalty is None else penalty.value(twin.weights)))
        return (values[0] - values[1]) / (2 * step)

    network.backward(loss(network.forward(x, training=training), targets)[1])
    if penalty is not None:
        scratch = np.empty_like(network.weights)
        penalty.add_gradient(network.weights, network.weight_gradients, scratch)
    analytic, start = network.gradients.astype(np.float64), twin.parameters.copy()
    worst = 0.0
    for _ in range(n_directions):
        direction = rng.standard_normal(len(start))
        direction /= np.linalg.norm(direction)
        both = float(analytic @ direction), differ(direction)
        scale = max(map(abs, both))
        worst = max(worst, abs(both[0] - both[1]) / scale if scale else 0.0)
    return worst
