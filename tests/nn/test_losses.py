"""Losses: worked examples, stability, invariances."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn


def batch(seed, n=6, k=4, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, k)).astype(dtype) * 3, rng.integers(0, k, n)


def test_cross_entropy_of_equal_logits_is_log_k():
    value, gradient = nn.LOSSES["cross_entropy"]()(np.zeros((2, 4)), np.array([0, 3]))
    assert value == pytest.approx(math.log(4))
    np.testing.assert_allclose(gradient[0], np.array([-0.75, 0.25, 0.25, 0.25]) / 2)


def test_label_smoothing_by_hand():
    logits = np.log(np.array([[0.7, 0.2, 0.1]]))
    value, _ = nn.LOSSES["cross_entropy"](label_smoothing=0.3)(logits, np.array([0]))
    assert value == pytest.approx(-(0.8 * math.log(0.7) + 0.1 * math.log(0.2 * 0.1)))


def test_sigmoid_cross_entropy_by_hand():
    value, gradient = nn.LOSSES["sigmoid_cross_entropy"]()(
        np.array([[0.0, math.log(3)]]), np.array([[1.0, 0.0]])
    )
    assert value == pytest.approx(math.log(2) + math.log(4))
    np.testing.assert_allclose(gradient, [[-0.5, 0.75]])


def test_mse_by_hand():
    value, gradient = nn.LOSSES["mse"]()(np.array([[1.0, 2.0]]), np.array([[0.0, 4.0]]))
    assert value == 2.5
    np.testing.assert_array_equal(gradient, [[1.0, -2.0]])


@given(st.integers(0, 1000), st.floats(-100, 100))
def test_softmax_ignores_a_shift(seed, shift):
    logits, y = batch(seed)
    np.testing.assert_allclose(nn.softmax(logits + shift), nn.softmax(logits), atol=1e-12)
    loss = nn.LOSSES["cross_entropy"]()
    assert loss(logits + shift, y)[0] == pytest.approx(loss(logits, y)[0], abs=1e-10)


def test_smoothing_zero_is_bitwise_plain():
    logits, y = batch(1, dtype=np.float32)
    plain = nn.LOSSES["cross_entropy"]()(logits, y)
    smooth = nn.LOSSES["cross_entropy"](label_smoothing=0.0)(logits, y)
    assert plain[0] == smooth[0]
    np.testing.assert_array_equal(plain[1], smooth[1])
