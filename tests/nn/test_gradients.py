"""Every gradient against finite differences (float64), and float32 against float64."""

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


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("activation", nn.ACTIVATIONS)
def test_activations(activation, shape):
    layers = [nn.Dense(7), nn.ACTIVATIONS[activation](), nn.Dense(5), nn.ACTIVATIONS[activation]()]
    assert error(*problem(shape, "cross_entropy", layers)) <= 1e-6


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("loss", nn.LOSSES)
def test_losses(loss, shape):
    layers = [nn.Dense(6), nn.ACTIVATIONS["tanh"]()]
    assert error(*problem(shape, loss, layers)) <= 1e-6


@pytest.mark.parametrize("loss", ["cross_entropy", "sigmoid_cross_entropy", "mse"])
def test_losses_with_rows_of_targets(loss):
    network, rule, x, y = problem(SHAPES[1], loss, [])
    targets = np.random.default_rng(0).dirichlet(np.ones(network.n_outputs), len(y))
    assert error(network, rule, x, targets) <= 1e-6


def test_label_smoothing():
    network, _, x, y = problem(SHAPES[2], "cross_entropy", [])
    assert error(network, nn.LOSSES["cross_entropy"](label_smoothing=0.1), x, y) <= 1e-6


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
def test_layers(layers, training, shape):
    assert error(*problem(shape, "cross_entropy", layers()), training=training) <= 1e-6


@pytest.mark.parametrize("penalty", [nn.L1(0.1), nn.L2(0.1), nn.ElasticNet(0.1, 0.2)])
def test_penalties(penalty):
    args = problem(SHAPES[1], "cross_entropy", [nn.Dense(5), nn.ACTIVATIONS["tanh"]()])
    assert error(*args, penalty=penalty) <= 1e-6


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("activation", nn.ACTIVATIONS)
def test_single_precision_agrees_with_double(activation, shape):
    gradients = []
    for dtype in (np.float32, np.float64):
        layers = [nn.Dense(7), nn.ACTIVATIONS[activation](), nn.Dropout(0.2)]
        network, loss, x, y = problem(shape, "cross_entropy", layers, dtype)
        network.backward(loss(network.forward(x, training=True), y)[1])
        gradients.append(network.gradients.astype(float))
    single, double = gradients
    assert np.linalg.norm(single - double) <= 1e-3 * np.linalg.norm(double)


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
