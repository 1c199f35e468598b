"""The contract of layers and activations."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.activations import Activation, Tanh
from nn.checks.contract import BreachError, Subject, same_bytes
from nn.gradient_check import gradient_error
from nn.layers import Dense, Layer
from nn.losses import CrossEntropy
from nn.network import Network
from nn.optimizers import SGD
from nn.serialization import architecture, build
from nn.training import train

_WIDTH = 6


def exercise(subject: Subject) -> list[np.ndarray]:
    """Train a small network with it for two steps; return its state."""
    return _trained([Dense(_WIDTH), subject.make(), Tanh(), Dense(3)])


def it_is_a_layer(subject: Subject) -> None:
    """Must be a subclass, and connect must return the width that forward has."""
    layer = subject.make()
    if not isinstance(layer, Layer):
        raise BreachError("must be an nn.Layer", type(layer).__mro__, "Derive it from that.")
    for n in (4, 1, 3):
        network = _network([layer])
        width = network.forward(_x(n, np.float32)).shape
        if width != (n, network.n_outputs):
            raise BreachError(
                f"forward must return {(n, network.n_outputs)}, as connect said",
                width,
                "Return the output width from connect.",
            )


def gradient(subject: Subject) -> None:
    """Backward is the derivative of forward: in training and evaluation, first and within."""
    for training in (True, False):
        for layers in (
            [Dense(_WIDTH), subject.make(), Tanh(), Dense(3)],
            [subject.make(), Dense(3)],
            [Dense(_WIDTH), Tanh(), subject.make(), subject.make(), Dense(3)],
        ):
            wide = _network(layers, np.float64)
            # Biases off zero: no unit then sits exactly on a kink.
            wide.parameters += np.random.default_rng(4).normal(0, 0.1, wide.n_parameters)
            for network, bound in ((wide, 1e-6), (wide.astype(np.float32), 1e-3)):
                x, y, rng = _x(7, network.dtype), np.arange(7) % 3, np.random.default_rng(9)
                error = gradient_error(network, CrossEntropy(), x, y, rng=rng, training=training)
                if error <= bound:
                    continue
                raise BreachError(
                    f"backward must agree with finite differences to {bound:g} in {network.dtype}",
                    f"{error:.3g} in {'training' if training else 'evaluation'}",
                    "Check both gradients, the parameters' and the input's; what backward reads "
                    "must be kept (keeps_output, from_output).",
                )


def dtype_and_shape(subject: Subject) -> None:
    """Outputs have the network's type, and the caller's rows stay as they are."""
    for dtype in (np.float32, np.float64):
        network, x = _network([subject.make()], dtype), _x(5, dtype)
        held = x.copy()
        y = network.forward(x, training=True)
        if y.dtype != dtype:
            raise BreachError(
                f"the output must be {np.dtype(dtype)}",
                y.dtype,
                "Make no arrays of a fixed type; surroundings.dtype is the network's.",
            )
        network.backward(np.ones_like(y))
        if not np.array_equal(x, held):
            raise BreachError(
                "a first layer must not write into its input",
                "changed rows",
                "Write in place only if surroundings.overwrite.",
            )


def precisions_agree(subject: Subject) -> None:
    """float32 follows float64 in evaluation."""
    one = _network([Dense(_WIDTH), subject.make()], np.float32)
    x = _x(7, np.float32)
    error = np.abs(one.logits(x) - one.astype(np.float64).logits(x)).max()
    if not error < 1e-4:
        raise BreachError(
            "float32 must agree with float64 to 1e-4",
            f"{error:.3g}",
            "Avoid differences of nearly equal numbers.",
        )


def batch_sizes_agree(subject: Subject) -> None:
    """In evaluation a row's output does not depend on the rows beside it."""
    network, x = _network([Dense(_WIDTH), subject.make()], np.float64), _x(7, np.float64)
    rows = np.vstack([network.forward(row[None]).copy() for row in x])
    error = np.abs(rows - network.forward(x)).max()
    if not error < 1e-9:
        raise BreachError(
            "in evaluation, row by row must give what the batch gives",
            f"a difference of {error:.3g}",
            "Use statistics of the batch only if `training`.",
        )


def expectation(subject: Subject) -> None:
    """A random layer's mean output in training is that in evaluation."""
    network, x = _network([subject.make()], np.float64), np.ones((200, _WIDTH))
    outputs = np.array([network.forward(x, training=True).copy() for _ in range(200)])
    if np.array_equal(outputs[0], outputs[1]):
        return
    error = np.abs(outputs.mean() - network.forward(x).mean())
    # Six standard errors of the mean.
    bound = 6 * outputs.std() / np.sqrt(outputs.size)
    if not error <= bound:
        raise BreachError(
            "the mean over random draws must be the output in evaluation",
            f"a difference of {error:.3g}, {bound:.2g} at most",
            "Divide by the probability of keeping while training.",
        )


def off_is_absent(subject: Subject) -> None:
    """At its off options training gives the very bytes that it gives without the layer."""
    if subject.off is None:
        return
    absent = _trained([Dense(_WIDTH), Tanh(), Dense(3)])
    present = _trained([Dense(_WIDTH), Tanh(), subject.make(**subject.off), Dense(3)])
    if not same_bytes(absent, present):
        raise BreachError(
            f"at {dict(subject.off)} it must change nothing",
            "other parameters after two steps",
            "Return the input itself, draw nothing; set passes_input.",
        )


def it_is_saved_whole(subject: Subject) -> None:
    """Options and state are all that the function depends on."""
    network = _network([Dense(_WIDTH), subject.make(), Dense(3)])
    _train(network)
    twin = build(architecture(network), layers=[type(subject.make())])
    twin.load_state(network.state())
    if not np.array_equal(twin.logits(_x(7, np.float32)), network.logits(_x(7, np.float32))):
        raise BreachError(
            "a layer rebuilt from options() and state must give the same bytes",
            "others",
            "Keep each option under its own name; name running arrays in statistics().",
        )


RULES = (
    it_is_a_layer,
    gradient,
    dtype_and_shape,
    precisions_agree,
    batch_sizes_agree,
    expectation,
    off_is_absent,
    it_is_saved_whole,
)


def it_is_an_activation(subject: Subject) -> None:
    """Must be a subclass, elementwise, and finite far out."""
    activation = subject.make()
    if not isinstance(activation, Activation):
        raise BreachError(
            "must be an nn.Activation", type(activation).__mro__, "Derive it from that."
        )
    x = np.linspace(-8, 8, _WIDTH)[None]
    y = _network([activation], np.float64).forward(x).copy()
    turned = _network([subject.make()], np.float64).forward(x[:, ::-1].copy())
    if not np.array_equal(y, turned[:, ::-1]):
        raise BreachError(
            "must treat each element by itself",
            "other values in another order",
            "Derive from nn.Layer what mixes features.",
        )
    far = np.array([[-1e4, 1e4, -100, 100, -30, 30]], np.float32)
    with np.errstate(all="ignore"):
        y = _network([subject.make()]).forward(far).copy()
    if not np.isfinite(y).all():
        raise BreachError(
            "must be finite at inputs of ±1e4", y[0], "Rewrite it so that no exp can overflow."
        )


ACTIVATION_RULES = (it_is_an_activation, *RULES)


def _network(layers: list[Layer], dtype: Any = np.float32) -> Network:
    return Network(
        layers,
        n_inputs=_WIDTH,
        batch_size=8,
        rng=np.random.default_rng(0),
        dropout_rng=np.random.default_rng(1),
        dtype=dtype,
    )


def _trained(layers: list[Layer]) -> list[np.ndarray]:
    network = _network(layers)
    _train(network)
    return list(network.state().values())


def _train(network: Network) -> None:
    batches = [(_x(7, np.float32), np.arange(7) % 3), (_x(5, np.float32), np.arange(5) % 3)]
    list(train(network, CrossEntropy(), SGD(), batches, epochs=1))


def _x(n: int, dtype: Any) -> np.ndarray:
    return np.random.default_rng(n).normal(size=(n, _WIDTH)).astype(dtype)
