"""Gradients of whole networks, in both precisions; those of single components: `nn.checks`."""

import numpy as np
import pytest

import nn

SHAPES = [(1, 3, 2), (5, 4, 3), (17, 9, 6)]


def problem(shape, loss_name, layers, dtype=np.float64, seed=0):
    n, n_inputs, n_classes = shape
    rng = np.random.default_rng(seed)
    network = nn.Network(
        [*layers, nn.Dense(n_classes)],
        n_inputs=n_inputs,
        batch_size=n,
        rng=np.random.default_rng(seed),
        dropout_rng=np.random.default_rng(5),
        dtype=dtype,
    )
    # Biases off zero: no unit then sits exactly on a kink.
    network.parameters += rng.normal(0, 0.1, network.n_parameters).astype(dtype)
    x = rng.normal(size=(n, n_inputs)).astype(dtype)
    return network, nn.LOSSES[loss_name](), x, rng.integers(0, n_classes, n)


def error(*args, **options):
    return nn.gradient_error(*args, rng=np.random.default_rng(9), **options)


# The largest relative error that a gradient may have, in either precision.
BOUNDS = [(np.float64, 1e-6), (np.float32, 1e-3)]
precisions = pytest.mark.parametrize(("dtype", "bound"), BOUNDS, ids=["float64", "float32"])


@precisions
@pytest.mark.parametrize("shape", SHAPES[1:])
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(
    "layers",
    [
        lambda: [nn.Dense(6), nn.BatchNorm(), nn.ACTIVATIONS["tanh"]()],
        lambda: [nn.BatchNorm(), nn.Dense(6)],
        lambda: [nn.Dropout(0.3), nn.Dense(8), nn.ACTIVATIONS["tanh"](), nn.Dropout(0.5)],
        lambda: [nn.Dense(6), nn.Dropout(0.4), nn.ACTIVATIONS["silu"](), nn.BatchNorm()],
        lambda: [
            nn.ACTIVATIONS["gelu"](),
            nn.Dense(6),
            nn.ACTIVATIONS["relu"](),
            nn.ACTIVATIONS["tanh"](),
        ],
    ],
)
def test_layers(layers, training, shape, dtype, bound):
    args = problem(shape, "cross_entropy", layers(), dtype)
    assert error(*args, training=training) <= bound


@precisions
@pytest.mark.parametrize("n", [1, 7, 40])
def test_whole_networks(n, dtype, bound):
    """Few and many rows: a layer pulls the gradient back in one of two ways."""
    layers = []
    for width in (24, 18):
        layers += [nn.Dense(width), nn.BatchNorm(), nn.ACTIVATIONS["gelu"](), nn.Dropout(0.2)]
    layers = layers if n > 1 else [layer for layer in layers if not isinstance(layer, nn.BatchNorm)]
    args = problem((n, 12, 10), "cross_entropy", layers, dtype)
    assert error(*args, penalty=nn.ElasticNet(0.01, 0.02)) <= bound


def test_a_wrong_gradient_is_found():
    class Wrong(type(nn.LOSSES["mse"]())):
        def __call__(self, logits, targets):
            value, gradient = super().__call__(logits, targets)
            return value, 1.01 * gradient

    network, _, x, y = problem(SHAPES[1], "mse", [])
    assert error(network, Wrong(), x, y) > 5e-3


def test_the_check_leaves_the_parameters_alone():
    args = problem(SHAPES[1], "mse", [])
    before = args[0].parameters.copy()
    error(*args)
    np.testing.assert_array_equal(args[0].parameters, before)
