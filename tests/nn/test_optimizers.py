"""Optimizers against the papers' formulas, written out plainly, and steps worked by hand."""

import math

import numpy as np
import pytest

import nn

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
    parameters = start.astype(dtype)
    optimizer = nn.OPTIMIZERS[name](12, n_weights=8, dtype=dtype)
    for gradient in gradients:
        optimizer.step(parameters, gradient.astype(dtype), RATE)
    expected = reference(name, start, gradients, n_weights=8)
    np.testing.assert_allclose(parameters, expected, rtol=tolerance, atol=tolerance)
    assert parameters.dtype == dtype
    assert all(state.dtype == dtype for state in optimizer.states)


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
    parameters = np.ones(1)
    optimizer = nn.OPTIMIZERS[name](1, dtype=np.float64, **options)
    for gradient in (2.0, 1.0):
        optimizer.step(parameters, np.array([gradient]), 0.1)
    assert parameters[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_finds_the_minimum_of_a_quadratic(name):
    target = np.array([1.0, -2.0, 0.5])
    curvature = np.array([1.0, 3.0, 0.3])
    parameters = np.zeros(3)
    options = {"weight_decay": 0.0} if name == "adamw" else {}
    optimizer = nn.OPTIMIZERS[name](3, dtype=np.float64, **options)
    rate = {"adagrad": 1.0}.get(name, 0.05)
    for step in range(1500):
        optimizer.step(parameters, curvature * (parameters - target), rate * (1 - step / 1500))
    np.testing.assert_allclose(parameters, target, atol=1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_chunks_do_not_matter(name, monkeypatch):
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=1000), rng.normal(size=(3, 1000))
    results = []
    for chunk in (10**6, 64):
        monkeypatch.setattr("nn.optimizers.optimizer.CHUNK", chunk)
        optimizer = nn.OPTIMIZERS[name](1000, n_weights=700, dtype=np.float64)
        parameters = start.copy()
        for gradient in gradients:
            optimizer.step(parameters, gradient.copy(), RATE)
        results.append(parameters)
    np.testing.assert_array_equal(*results)


@pytest.mark.parametrize("name", ["adamw", "lion"])
def test_decay_leaves_biases_alone(name):
    parameters = np.ones(4)
    optimizer = nn.OPTIMIZERS[name](4, n_weights=2, dtype=np.float64, weight_decay=0.5)
    optimizer.step(parameters, np.zeros(4), 0.1)
    np.testing.assert_allclose(parameters, [0.95, 0.95, 1, 1])


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


def test_options_out_of_range_are_refused():
    with pytest.raises(ValueError, match=r"Momentum.momentum — must lie in \[0, 1\) — got 1"):
        nn.OPTIMIZERS["momentum"](3, momentum=1)
    with pytest.raises(ValueError, match=r"AdamW\.weight_decay"):
        nn.OPTIMIZERS["adamw"](3, weight_decay=-1)


@pytest.mark.parametrize("penalty", [nn.L1(0.1), nn.L2(0.1), nn.ElasticNet(0.1, 0.2), nn.L2(0)])
@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_a_penalty_within_the_step_is_one_before_it(monkeypatch, name, penalty):
    monkeypatch.setattr(nn.optimizers.optimizer, "CHUNK", 5)
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=17), rng.normal(size=(3, 17))
    within, before = start.copy(), start.copy()
    one, other = (nn.OPTIMIZERS[name](17, dtype=np.float64) for _ in range(2))
    for gradient in gradients:
        one.step(within, gradient.copy(), RATE, penalty=penalty, n_penalized=12)
        penalty.add_gradient(before[:12], gradient[:12])
        other.step(before, gradient, RATE)
    np.testing.assert_array_equal(within, before)
    assert not np.array_equal(within, start)
