"""Contestants on NumPy: this library, scikit-learn, and the bare matrix products."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

import nn
from benchmarks.problem import N_EXAMPLES, Case, Round, data
from nn.aligned import aligned_zeros
from nn.optimizers import BoundOptimizer

Augment = Callable[[np.ndarray], np.ndarray]


class Gather:
    """Batches of random rows in a buffer, as the data loader makes them."""

    def __init__(self, case: Case, augment: Augment | None = None):
        self.x, self.y = data(case)
        self.size, self.rng, self.augment = case.batch_size, np.random.default_rng(1), augment
        self.buffer = aligned_zeros((self.size, case.sizes[0]), np.float32)

    def __len__(self) -> int:
        return N_EXAMPLES // self.size

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        order = self.rng.permutation(N_EXAMPLES)
        for start in range(0, N_EXAMPLES, self.size):
            rows = order[start : start + self.size]
            np.take(self.x, rows, axis=0, out=self.buffer, mode="clip")
            x = self.buffer
            if self.augment is not None:
                side = int(x.shape[1] ** 0.5)
                x = self.augment(x.reshape(-1, side, side)).reshape(len(x), -1)
            yield x, self.y[rows]


def ours(
    case: Case, *, rate: float = 0.0, penalty: nn.L2 | None = None, augment: Augment | None = None
) -> Round:
    """Return an epoch of this library, components off unless given."""
    rng = np.random.default_rng(0)
    layers: list[nn.Layer] = []
    for width in case.sizes[1:-1]:
        layers += [nn.Dense(width), nn.ACTIVATIONS["relu"](), nn.Dropout(rate)]
    network = nn.Network(
        [*layers, nn.Dense(case.sizes[-1])],
        n_inputs=case.sizes[0],
        batch_size=case.batch_size,
        rng=rng,
        dropout_rng=rng,
    )
    # Bound, so that an epoch goes on with the state of the one before.
    optimizer = BoundOptimizer(nn.OPTIMIZERS[case.optimizer](), network)
    batches = Gather(case, augment)
    loss = nn.LOSSES["cross_entropy"]()

    def epoch() -> None:
        for _ in nn.train(
            network, loss, optimizer, batches, learning_rate=1e-3, epochs=1, penalty=penalty
        ):
            pass

    return epoch


def sklearn(case: Case) -> Round:
    """Return an epoch of MLPClassifier."""
    from sklearn.neural_network import MLPClassifier

    x, y = data(case)
    model = MLPClassifier(
        case.sizes[1:-1],
        solver=case.optimizer,
        alpha=0.0,
        momentum=0.0,
        nesterovs_momentum=False,
        batch_size=case.batch_size,
        random_state=0,
    )
    model.partial_fit(x, y, classes=np.arange(case.sizes[-1]))
    return lambda: model.partial_fit(x, y)


def sgemm(case: Case) -> Round:
    """Return the matrix products of an epoch alone: no peer on this BLAS can be faster."""
    n, rng = case.batch_size, np.random.default_rng(0)

    def filled(shape: tuple[int, int]) -> np.ndarray:
        array = aligned_zeros(shape, np.float32)
        rng.random(out=array, dtype=np.float32)
        return array

    a, out, da = ([filled((n, size)) for size in case.sizes] for _ in range(3))
    w, dw = ([filled(shape) for shape in pairwise(case.sizes)] for _ in range(2))

    def epoch() -> None:
        for _ in range(case.n_steps):
            for i, matrix in enumerate(w):
                np.dot(a[i], matrix, out=out[i + 1])
                np.dot(a[i].T, a[i + 1], out=dw[i])
                if i:
                    np.dot(a[i + 1], matrix.T, out=da[i])

    return epoch
