"""Layers, activations and initializers: worked values and properties."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn


def alone(layer, width, n=1, dtype=np.float64, dropout_seed=0):
    return nn.Network(
        [layer],
        n_inputs=width,
        batch_size=n,
        rng=np.random.default_rng(0),
        dropout_rng=np.random.default_rng(dropout_seed),
        dtype=dtype,
    )


FORMULAS = {
    "relu": lambda x: max(x, 0),
    "leaky_relu": lambda x: x if x > 0 else 0.01 * x,
    "elu": lambda x: x if x > 0 else math.expm1(x),
    "gelu": lambda x: x * 0.5 * (1 + math.erf(x / math.sqrt(2))),
    "gelu_tanh": lambda x: (
        0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    ),
    "tanh": math.tanh,
    "scaled_tanh": lambda x: 1.7159 * math.tanh(2 * x / 3),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "silu": lambda x: x / (1 + math.exp(-x)),
}


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 2e-15), (np.float32, 5e-7)])
@pytest.mark.parametrize("name", nn.ACTIVATIONS)
def test_activation_formula(name, dtype, tolerance):
    x = np.linspace(-8, 8, 161)
    x = np.append(x, [-0.0, 1e-9]).astype(dtype)
    held = x.copy()
    y = alone(nn.ACTIVATIONS[name](), len(x), dtype=dtype).forward(x[None])[0]
    expected = [FORMULAS[name](float(v)) for v in x]
    np.testing.assert_allclose(y, expected, rtol=8 * tolerance, atol=8 * tolerance)
    np.testing.assert_array_equal(x, held)


def test_dense_by_hand():
    network = alone(nn.Dense(2), 2)
    network.parameters[...] = [1, 2, 3, 4, 10, 20]
    np.testing.assert_array_equal(network.logits(np.array([[1.0, -1.0]])), [[8, 18]])


@settings(max_examples=20)
@given(st.floats(0, 0.99), st.integers(0, 100))
def test_dropout_gives_zero_or_scaled(rate, seed):
    x = np.random.default_rng(seed).uniform(1, 2, (50, 40))
    y = alone(nn.Dropout(rate), 40, 50, dropout_seed=seed).forward(x, training=True)
    kept = y != 0
    np.testing.assert_allclose(y[kept], x[kept] / (1 - rate), rtol=1e-3)


def test_dropout_at_rest_is_the_identity():
    x = np.ones((3, 4))
    assert alone(nn.Dropout(0.5), 4, 3).forward(x) is x


def test_dropout_needs_a_generator():
    with pytest.raises(ValueError, match="dropout_rng"):
        nn.Network([nn.Dropout(0.5)], n_inputs=2, batch_size=1, rng=np.random.default_rng(0))


def test_batch_norm_normalizes_and_tracks():
    x = np.random.default_rng(0).normal(3, 2, (64, 5))
    network = alone(nn.BatchNorm(momentum=1.0), 5, 64)
    y = network.forward(x, training=True)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=0), 1, atol=1e-5)
    statistics = network.layers[0].statistics()
    np.testing.assert_allclose(statistics["running_mean"], x.mean(axis=0))
    np.testing.assert_allclose(statistics["running_variance"], x.var(axis=0, ddof=1))
    expected = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0, ddof=1) + 1e-5)
    np.testing.assert_allclose(network.forward(x), expected)


VARIANCES = {
    "normal": 1e-4,
    "uniform": 0.05**2 / 3,
    "glorot_normal": 2 / 500,
    "glorot_uniform": 2 / 500,
    "he_normal": 2 / 300,
    "he_uniform": 2 / 300,
    "lecun_normal": 1 / 300,
    "lecun_uniform": 1 / 300,
    "orthogonal": 1 / 300,
    "zeros": 0,
    "constant": 0,
}


@pytest.mark.parametrize("name", nn.INITIALIZERS)
def test_initializer_variance(name):
    draws = nn.INITIALIZERS[name]((300, 200), rng=np.random.default_rng(0))
    assert draws.shape == (300, 200)
    assert draws.var() == pytest.approx(VARIANCES[name], rel=0.03)
    if "uniform" in name:
        assert np.abs(draws).max() <= math.sqrt(3 * VARIANCES[name])


@pytest.mark.parametrize("shape", [(5, 3), (3, 5)])
def test_orthogonal_is_orthogonal(shape):
    q = nn.INITIALIZERS["orthogonal"](shape, rng=np.random.default_rng(0))
    product = q.T @ q if shape[0] > shape[1] else q @ q.T
    np.testing.assert_allclose(product, np.eye(3), atol=1e-12)


def test_constant_is_constant():
    assert (nn.INITIALIZERS["constant"]((2, 3), value=0.5) == 0.5).all()


def test_rate_factors_are_laid_out_in_stretches():
    layers = [nn.Dense(3), nn.BatchNorm(), nn.Dense(3, rate_factor=2.0), nn.Dense(2)]
    network = nn.Network(layers, n_inputs=4, rng=np.random.default_rng(0))
    # Weights 12, 9 and 6; then biases and BatchNorm: 3 + 3 + 3, 3, 2.
    assert network.rate_stretches == [(12, 1.0), (21, 2.0), (36, 1.0), (39, 2.0), (41, 1.0)]
    plain = nn.Network([nn.Dense(3), nn.Dense(2)], n_inputs=4, rng=np.random.default_rng(0))
    assert plain.rate_stretches == [(plain.n_parameters, 1.0)]


def test_uniform_lies_between_its_bounds():
    draws = nn.initializers.uniform((200, 50), rng=np.random.default_rng(0), low=-0.5, high=0.25)
    assert -0.5 <= draws.min() < -0.49
    assert 0.24 < draws.max() < 0.25
    with pytest.raises(ValueError, match=r"uniform\.high — must be at least low, 1 — got 0"):
        nn.initializers.uniform((2, 2), rng=np.random.default_rng(0), low=1, high=0)
