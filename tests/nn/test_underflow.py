"""Underflow: what training keeps and computes stays out of the subnormal range.

Subnormal numbers are slow on some processors alone, so that they are counted here, not timed.
"""

from itertools import pairwise

import numpy as np
import pytest

import nn
from nn.stepper import Stepper
from nn.underflow import Underflow, round_off, sweep

# Means that forget within a test; the defaults need 100,000 steps to get down there.
SHORT = {
    "rmsprop": {"decay": 0.9},
    "lion": {"beta1": 0.8, "beta2": 0.9},
    **{name: {"beta2": 0.9} for name in ("adam", "amsgrad", "nadam", "adamw")},
}


def n_subnormal(*arrays):
    return sum(int(((a != 0) & (np.abs(a) < np.finfo(a.dtype).tiny)).sum()) for a in arrays)


class Fading:
    """Six inputs are lit, six never, and six in the first epoch alone."""

    def __init__(self, n_batches=20):
        rng = np.random.default_rng(0)
        self.y = rng.integers(0, 4, (n_batches, 16))
        self.x = rng.normal(size=(n_batches, 16, 18)).astype(np.float32)
        self.x[..., :6] += 2 * rng.normal(size=(4, 6))[self.y]
        self.x[..., 6:12] = 0

    def __len__(self):
        return len(self.y)

    def __iter__(self):
        yield from zip(self.x, self.y, strict=True)
        self.x[..., 12:] = 0


def network(batch_norm=True):
    norm = [nn.BatchNorm] if batch_norm else []
    layers = [nn.Dense(12), *(n() for n in norm), nn.ReLU(), nn.Dense(8), nn.ReLU(), nn.Dense(4)]
    made = nn.Network(layers, n_inputs=18, batch_size=16, rng=np.random.default_rng(1))
    # Dead units: nothing reaches them from some time on.
    made.layers[0].bias.value[:4] = -100
    made.layers[-3].bias.value[:3] = -100
    return made


class Spy:
    """Notes in which steps underflow was heard, and hands on what is kept."""

    def __init__(self, monkeypatch, respond):
        self.steps = []

        def end_step(watch, step, kept):
            if watch.heard:
                self.steps.append(step)
            respond(watch, step, kept)

        def update(stepper, rate):
            self._stepper = stepper
            step(stepper, rate)

        step = Stepper._update
        monkeypatch.setattr(Underflow, "end_step", end_step)
        monkeypatch.setattr(Stepper, "_update", update)

    @property
    def kept(self):
        return list(self._stepper._kept())

    def share_after(self, start, end):
        return sum(step > start for step in self.steps) / (end - start)


@pytest.fixture
def spy(monkeypatch):
    return Spy(monkeypatch, Underflow.end_step)


@pytest.fixture
def unmended(monkeypatch):
    return Spy(monkeypatch, lambda watch, step, kept: None)


def run(name, strength, epochs=70, rate=None, batch_norm=True):
    """Train for 20 steps an epoch; return the last gradients."""
    trained = network(batch_norm)
    records = list(
        nn.train(
            trained,
            nn.CrossEntropy(),
            nn.OPTIMIZERS[name](**SHORT.get(name, {})),
            Fading(),
            learning_rate=rate,
            epochs=epochs,
            schedule=nn.schedules.cosine,
            penalty=nn.L2(strength) if strength else None,
            average=0.9,
        )
    )
    assert records[-1].train_loss < records[0].train_loss
    return trained.gradients


@pytest.mark.parametrize("strength", [0, 1e-3])
@pytest.mark.parametrize("name", nn.OPTIMIZERS)
def test_nothing_that_is_kept_is_subnormal(name, strength, spy):
    gradients = run(name, strength)
    # Parameters, their average, four running statistics, and the optimizer's states.
    assert len(spy.kept) == 4 + nn.OPTIMIZERS[name].n_states
    assert n_subnormal(*spy.kept, gradients) == 0
    # No arithmetic of the second half was, either, save for a single step now and then.
    assert spy.share_after(700, 1400) <= 0.02


@pytest.mark.parametrize(
    ("name", "strength"), [("momentum", 0), ("rmsprop", 0), ("rmsprop", 1e-3), ("adam", 0)]
)
def test_without_the_mend_it_is(name, strength, unmended):
    run(name, strength)
    assert n_subnormal(*unmended.kept) > 20


@pytest.mark.parametrize("name", ["adam", "rmsprop", "adagrad"])
def test_a_network_that_knows_its_examples_by_heart(name, spy):
    """Its gradients, and all the more their squares, would underflow in every step."""
    gradients = run(name, 0, rate=0.05, batch_norm=False)
    assert n_subnormal(*spy.kept, gradients) == 0
    assert spy.share_after(700, 1400) <= 0.02


def test_without_the_mend_its_gradients_underflow(unmended):
    run("adam", 0, rate=0.05, batch_norm=False)
    assert unmended.share_after(700, 1400) > 0.5


def test_where_nothing_underflows_every_bit_stays(fit, digest, monkeypatch):
    mended = digest(fit(epochs=5, optimizer="adam")[0].parameters)
    Spy(monkeypatch, lambda watch, step, kept: None)
    assert digest(fit(epochs=5, optimizer="adam")[0].parameters) == mended


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sweeping_sets_small_numbers_to_zero_and_keeps_the_rest(dtype):
    tiny = np.finfo(dtype).tiny
    array = np.array([1.5, -tiny, tiny / 8, 0, -3e-5, tiny * 2.0**26, tiny * 2.0**25, np.inf])
    array = array.astype(dtype)
    sweep(array)
    expected = np.array([1.5, 0, 0, 0, -3e-5, tiny * 2.0**26, 0, np.inf], dtype)
    np.testing.assert_array_equal(array, expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_squares_of_rounded_gradients_do_not_underflow(dtype):
    info = np.finfo(dtype)
    exponents = np.linspace(np.log10(info.tiny) - 5, 3, 4000)
    gradients = np.concatenate([sign * 10**exponents for sign in (-1, 1)]).astype(dtype)
    rounded = gradients.copy()
    round_off(rounded)
    with np.errstate(under="raise"):
        squares = rounded * rounded
    assert n_subnormal(squares[squares != 0]) == 0
    grid = np.sqrt(float(info.tiny)) * 2.0**13
    np.testing.assert_allclose(rounded, gradients, rtol=2 * info.eps, atol=grid)


def test_gradients_are_rounded_for_longer_where_it_lasts():
    watch, lengths, step = Underflow(), [], 0
    for _ in range(9):
        watch("underflow", 0)
        step += 1
        watch.end_step(step, list)
        began = step
        while watch.rounds_gradients:
            step += 1
            watch.end_step(step, list)
        lengths.append(step - began)
    assert lengths[:3] == [16, 32, 64]
    assert all(b in (2 * a, 1024) for a, b in pairwise(lengths))
    assert lengths[-1] == 1024


def test_after_a_quiet_time_they_are_rounded_shortly_again():
    watch = Underflow()
    for step in (1, 18, 500):
        watch("underflow", 0)
        watch.end_step(step, list)
    watch.end_step(516, list)
    assert not watch.rounds_gradients


@pytest.mark.parametrize("name", nn.ACTIVATIONS)
def test_no_activation_underflows_far_out(name):
    x = np.linspace(-300, 300, 1201, dtype=np.float32)[None]
    activation = nn.Network(
        [nn.Dense(1201), nn.ACTIVATIONS[name]()],
        n_inputs=1,
        batch_size=1,
        rng=np.random.default_rng(0),
    )
    activation.layers[0].weight.value[...] = x
    with np.errstate(under="raise"):
        y = activation.forward(np.ones((1, 1), np.float32))
        activation.backward(np.full_like(y, 1e-15))
    assert n_subnormal(y, activation.gradients) == 0


@pytest.mark.parametrize("targets", [np.array([1, 0]), np.eye(3, dtype=np.float32)[[1, 0]]])
@pytest.mark.parametrize("name", ["cross_entropy", "sigmoid_cross_entropy"])
def test_no_loss_underflows_at_certainty(name, targets):
    logits = np.float32([[-60, 99, -300], [150, -95, 0.1]])
    with np.errstate(under="raise"):
        value, gradient = nn.LOSSES[name]()(logits, targets)
        # Nor do the products that follow.
        passed = gradient * np.float32(1e-12)
    assert n_subnormal(gradient, passed) == 0
    assert np.isfinite(value)
