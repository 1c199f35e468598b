"""Optimizers against the papers' formulas, written out plainly, and steps worked by hand."""

import math
from itertools import pairwise

import numpy as np
import pytest

import nn
from nn.checks.vectors import Vectors
from nn.optimizers import BoundOptimizer

NAMES = list(nn.OPTIMIZERS)
RATE = 0.01


def reference(name, w, gradients, lr=RATE, n_weights=None):
    """The update rules as printed in the papers (and PyTorch), one number at a time."""
    w, b1, b2, eps = list(w), 0.9, 0.999, 1e-8
    for i in range(len(w)):
        m = v = s = top = 0.0
        for t, g in enumerate((step[i] for step in gradients), start=1):
            if name == "sgd":
                w[i] -= lr * g
            elif name in ("momentum", "nesterov"):
                v = 0.9 * v + g
                w[i] -= lr * (v if name == "momentum" else g + 0.9 * v)
            elif name == "adagrad":
                s += g * g
                w[i] -= lr * g / (math.sqrt(s) + 1e-10)
            elif name == "rmsprop":
                s = 0.9 * s + (1 - 0.9) * g * g
                w[i] -= lr * g / (math.sqrt(s) + eps)
            elif name == "lion":
                w[i] -= lr * math.copysign(1, 0.9 * m + 0.1 * g)
                m = 0.99 * m + 0.01 * g
            else:
                assert name in ("adam", "adamw", "amsgrad", "nadam"), f"write {name}'s formula here"
                if name == "adamw" and i < n_weights:
                    w[i] *= 1 - lr * 0.01
                m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
                top = max(top, v)
                m_hat = m / (1 - b1**t)
                if name == "nadam":
                    m_hat = b1 * m / (1 - b1 ** (t + 1)) + (1 - b1) * g / (1 - b1**t)
                v_hat = (top if name == "amsgrad" else v) / (1 - b2**t)
                w[i] -= lr * m_hat / (math.sqrt(v_hat) + eps)
    return w


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-5)])
@pytest.mark.parametrize("name", NAMES)
def test_agrees_with_the_reference(name, dtype, tolerance):
    rng = np.random.default_rng(3)
    start, gradients = rng.normal(size=12), rng.normal(size=(25, 12))
    gradients[5:] *= 0.1
    vectors = Vectors(start.astype(dtype), n_weights=8)
    vectors.train(nn.OPTIMIZERS[name](), gradients, rate=RATE)
    expected = reference(name, start, gradients, n_weights=8)
    np.testing.assert_allclose(vectors.parameters, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        # Two steps from w = 1 with g = 2, then g = 1, at lr = 0.1, worked by hand.
        ("sgd", {}, 1 - 0.2 - 0.1),
        ("momentum", {"momentum": 0.5}, 1 - 0.2 - 0.1 * (0.5 * 2 + 1)),
        ("nesterov", {"momentum": 0.5}, 1 - 0.1 * (2 + 1) - 0.1 * (1 + 0.5 * 2)),
        ("adagrad", {"epsilon": 0.0}, 1 - 0.1 - 0.1 / math.sqrt(5)),
        ("rmsprop", {"decay": 0.5, "epsilon": 0.0}, 1 - 0.1 * math.sqrt(2) - 0.1 / math.sqrt(1.5)),
        # m^ = 2, v^ = 4; then m^ = (0.25 * 2 + 0.5) / 0.75, v^ = (0.25 * 4 + 0.5) / 0.75.
        ("adam", {"beta1": 0.5, "beta2": 0.5, "epsilon": 0.0}, 1 - 0.1 - 0.1 * (4 / 3) / 2**0.5),
        ("lion", {}, 1 - 0.1 - 0.1),
        (
            "adamw",
            {"weight_decay": 0.5, "beta1": 0.0, "beta2": 0.0, "epsilon": 0.0},
            (0.95 - 0.1) * 0.95 - 0.1,
        ),
    ],
)
def test_two_steps_by_hand(name, options, expected):
    vectors = Vectors(np.ones(1))
    vectors.train(nn.OPTIMIZERS[name](**options), np.array([[2.0], [1.0]]), rate=0.1)
    assert vectors.parameters[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", ["adamw", "lion"])
def test_decay_leaves_biases_alone(name):
    vectors = Vectors(np.ones(4), n_weights=2)
    vectors.train(nn.OPTIMIZERS[name](weight_decay=0.5), np.zeros((1, 4)), rate=0.1)
    np.testing.assert_allclose(vectors.parameters, [0.95, 0.95, 1, 1])


def test_training_decays_weights_and_never_biases(build):
    network = build()
    network.parameters[...] = 1
    rule = nn.AdamW(weight_decay=0.5)
    nothing = [(np.zeros((4, 6), np.float32), np.zeros((4, 4), np.float32))]
    # No gradient at all: the loss is constant where it is clipped away.
    list(nn.train(network, nn.MeanSquaredError(), rule, nothing, epochs=1, clip_norm=0.0))
    assert (network.weights < 1).all()
    assert (network.parameters[len(network.weights) :] == 1).all()


@pytest.mark.parametrize(
    ("strong", "options", "plain"),
    [
        ("momentum", {"momentum": 0.0}, "sgd"),
        ("nesterov", {"momentum": 0.0}, "sgd"),
        ("adamw", {"weight_decay": 0.0}, "adam"),
    ],
)
def test_at_strength_zero_it_is_the_plain_rule(fit, strong, options, plain, digest):
    one, _ = fit(optimizer=strong, options=options)
    other, _ = fit(optimizer=plain)
    assert digest(one.parameters) == digest(other.parameters)


@pytest.mark.parametrize("name", NAMES)
def test_each_is_one_file_of_its_own(name):
    assert nn.OPTIMIZERS[name].__module__ == f"nn.optimizers.{name}"
    assert nn.OPTIMIZERS[name].default_learning_rate > 0


@pytest.mark.parametrize("penalty", [nn.L1(0.1), nn.L2(0.1), nn.ElasticNet(0.1, 0.2), nn.L2(0)])
@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_a_penalty_within_the_step_is_one_before_it(monkeypatch, name, penalty):
    monkeypatch.setattr(nn.optimizers.bound, "CHUNK", 5)
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=17), rng.normal(size=(3, 17))
    within, before = (Vectors(start.copy(), n_weights=12) for _ in range(2))
    one, other = (BoundOptimizer(nn.OPTIMIZERS[name](), v) for v in (within, before))
    for gradient in gradients:
        within.gradients[...] = before.gradients[...] = gradient
        one.step(RATE, penalty=penalty)
        penalty.add_gradient(before.weights, before.gradients[:12], np.empty(12))
        other.step(RATE)
    np.testing.assert_array_equal(within.parameters, before.parameters)
    assert not np.array_equal(within.parameters, start)


@pytest.mark.parametrize("chunk", [7, 10**6])
@pytest.mark.parametrize("name", nn.OPTIMIZERS)
def test_a_rate_factor_is_that_rate_for_its_stretch(name, chunk, monkeypatch):
    """Each stretch moves as it would alone at its own rate, decay and chunks included."""
    monkeypatch.setattr("nn.optimizers.bound.CHUNK", chunk)
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=50), rng.normal(size=(4, 50))
    stretches = [(20, 1.0), (33, 0.0), (50, 2.5)]
    together = Vectors(start.copy(), 40)
    together.rate_stretches = stretches
    together.train(nn.OPTIMIZERS[name](), gradients)
    for (begin, _), (end, factor) in pairwise([(0, 1.0), *stretches]):
        alone = Vectors(start[begin:end].copy(), max(0, 40 - begin))
        alone.train(nn.OPTIMIZERS[name](), gradients[:, begin:end], rate=0.01 * factor)
        np.testing.assert_array_equal(together.parameters[begin:end], alone.parameters)
