"""What the tests of `nn` share: a small problem and a network on it."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import settings

import nn

# Properties are about values: a busy machine must not make them fail.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


class Blobs:
    """Two hundred points around four centres, in batches; a new order each epoch."""

    def __init__(self, seed: int = 0, size: int = 32, dtype=np.float32):
        rng = np.random.default_rng(42)
        self.y = np.arange(200) % 4
        self.x = (rng.normal(size=(4, 6))[self.y] * 2 + rng.normal(size=(200, 6))).astype(dtype)
        self.size, self.rng, self.orders = size, np.random.default_rng(seed), []

    def __len__(self):
        return -(-len(self.x) // self.size)

    def __iter__(self):
        order = self.rng.permutation(len(self.x))
        self.orders.append(order)
        for start in range(0, len(order), self.size):
            rows = order[start : start + self.size]
            yield self.x[rows], self.y[rows]

    def validation(self, network):
        logits = network.logits(self.x)
        loss = nn.LOSSES["cross_entropy"]()(logits, self.y)[0]
        return loss, float((logits.argmax(axis=1) == self.y).mean())


@pytest.fixture
def blobs():
    return Blobs


@pytest.fixture
def build():
    def make(*, activation="relu", rate=None, extra=(), dtype=np.float32, widths=(16, 8), seed=1):
        layers = []
        for width in widths:
            layers += [nn.Dense(width), nn.ACTIVATIONS[activation](), *(e() for e in extra)]
            if rate is not None:
                layers.append(nn.Dropout(rate))
        return nn.Network(
            [*layers, nn.Dense(4)],
            n_inputs=6,
            batch_size=32,
            rng=np.random.default_rng(seed),
            dropout_rng=np.random.default_rng(2),
            dtype=dtype,
        )

    return make


@pytest.fixture
def fit(build, blobs):
    """Train for three epochs and return network and records."""

    def run(network=None, optimizer="sgd", options=None, epochs=3, rate=0.05, batches=None, **kw):
        network = build() if network is None else network
        rule = nn.OPTIMIZERS[optimizer](**(options or {}))
        records = list(
            nn.train(
                network,
                nn.LOSSES["cross_entropy"](),
                rule,
                batches if batches is not None else blobs(dtype=network.dtype),
                learning_rate=rate,
                epochs=epochs,
                **kw,
            )
        )
        return network, records

    return run


@pytest.fixture
def digest():
    return lambda array: hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
