"""The contract checks: sound components of one's own pass, each error is found by its rule."""

import numpy as np
import pytest

import nn
from nn.checks import CONTRACTS, assert_contract, check
from nn.checks.contract import BreachError


class Signum(nn.Optimizer):
    default_learning_rate = 0.001
    n_states = 1

    def __init__(self, beta: float = 0.9):
        self.beta = nn.require("Signum.beta", beta, "[0, 1)")

    def update(self, chunk, learning_rate, step):
        (mean,) = chunk.states
        mean += (1 - self.beta) * (chunk.gradient - mean)
        chunk.parameter -= learning_rate * np.sign(mean)


class Gain(nn.Layer):
    def connect(self, n_inputs, surroundings):
        self.gain = nn.Parameter("gain", (n_inputs,))
        return n_inputs

    def parameters(self):
        return [self.gain]

    def initialize(self, rng):
        self.gain.value[...] = 1

    def forward(self, x, *, training):
        self.x = x
        return x * self.gain.value

    def backward(self, gradient, *, wants_input_gradient):
        self.gain.gradient[...] = (gradient * self.x).sum(axis=0)
        return gradient * self.gain.value


class Softsign(nn.Activation):
    def apply(self, x, out, scratch):
        np.divide(x, 1 + np.abs(x), out=out)

    def pull_back(self, gradient, x, y, scratch):
        gradient /= (1 + np.abs(x)) ** 2


class Log(nn.Penalty):
    off = {"strength": 0.0}  # noqa: RUF012

    def __init__(self, strength: float = 0.1):
        self.strength = nn.require("Log.strength", strength, "[0, inf)")

    def value(self, weights):
        return float(self.strength * np.log1p(weights**2).sum())

    def add_gradient(self, weights, gradients, scratch):
        if self.strength:
            gradients += self.strength * 2 * weights / (1 + weights**2)


class LogCosh(nn.Loss):
    def __call__(self, logits, targets):
        d = logits - nn.one_hot(targets, logits)
        value = np.abs(d) + np.log1p(np.exp(-2 * np.abs(d))) - np.log(2)
        return float(value.mean()), np.tanh(d) / d.size


class Brightness:
    off = {"spread": 0.0}  # noqa: RUF012

    def __init__(self, spread: float = 0.2):
        self.spread = nn.require("Brightness.spread", spread, "[0, 1)")

    def __call__(self, images, *, rng):
        if not self.spread:
            return images
        shape = (len(images), *(1,) * (images.ndim - 1))
        factors = rng.uniform(1 - self.spread, 1 + self.spread, shape)
        return images * factors.astype(images.dtype)


def linear(step, total_steps, *, final: float = 0.0):
    nn.require("linear.final", final, "[0, 1]")
    return 1 - (1 - final) * step / total_steps


def laplace(shape, *, rng, scale: float = 0.01):
    nn.require("laplace.scale", scale, "[0, inf)")
    return rng.laplace(0, scale, shape)


SOUND = [
    ("optimizer", Signum),
    ("layer", Gain),
    ("activation", Softsign),
    ("penalty", Log),
    ("loss", LogCosh),
    ("augmentation", Brightness),
    ("schedule", linear),
    ("initializer", laplace),
]


@pytest.mark.parametrize(("kind", "target"), SOUND)
def test_components_of_a_dozen_lines_pass(kind, target):
    assert_contract(kind, target)


class Ascent(Signum):
    def update(self, chunk, learning_rate, step):
        chunk.parameter += learning_rate * chunk.gradient


class Restless(Signum):
    def update(self, chunk, learning_rate, step):
        chunk.parameter -= 0.001 * chunk.gradient


class Counting(nn.Optimizer):
    default_learning_rate = 0.1
    count = 0

    def update(self, chunk, learning_rate, step):
        self.count += 1
        chunk.parameter -= learning_rate / self.count * chunk.gradient


class Rateless(nn.Optimizer):
    def update(self, chunk, learning_rate, step):
        chunk.parameter -= learning_rate * chunk.gradient


class Lax(Signum):
    def __init__(self, beta: float = 0.9):
        self.beta = beta


class Mistyped(Softsign):
    def pull_back(self, gradient, x, y, scratch):
        gradient /= 1 + np.abs(x)


class Overwritten(Softsign):
    from_output = True


class Biased(nn.Layer):
    """Dropout without the division."""

    def connect(self, n_inputs, surroundings):
        self.rng = surroundings.dropout_rng
        return n_inputs

    def forward(self, x, *, training):
        self.mask = self.rng.random(x.shape) < 0.5 if training else np.ones(x.shape, bool)
        return x * self.mask

    def backward(self, gradient, *, wants_input_gradient):
        return gradient * self.mask


class Leaky(Biased):
    """Draws from the global generator."""

    def forward(self, x, *, training):
        self.mask = np.random.random(x.shape) < 0.5 if training else np.ones(x.shape, bool)  # noqa: NPY002
        return x * self.mask


class Forgetful(Gain):
    """Has an option that it does not keep under its name."""

    def __init__(self, power: float = 1.0):
        self.exponent = nn.require("Forgetful.power", power, "[0, 9]")


class Double(Log):
    def add_gradient(self, weights, gradients, scratch):
        gradients += 2 * self.strength * weights


class Overwriting(Log):
    def add_gradient(self, weights, gradients, scratch):
        gradients[...] = self.strength * 2 * weights / (1 + weights**2)


class Loud(Log):
    """Scales by the mean weight, which differs from stretch to stretch."""

    def value(self, weights):
        return float(self.strength * weights.mean() ** 2)

    def add_gradient(self, weights, gradients, scratch):
        gradients += 2 * self.strength * weights.mean() / len(weights)


class Sum(LogCosh):
    def __call__(self, logits, targets):
        value, gradient = super().__call__(logits, targets)
        return value * logits.size, gradient * logits.size


class Wide(LogCosh):
    def __call__(self, logits, targets):
        value, gradient = super().__call__(logits, targets)
        return value, gradient.astype(np.float64)


class InPlace(Brightness):
    def __call__(self, images, *, rng):
        images *= 1 - self.spread * rng.random()
        return images


class Standardized(Brightness):
    """Subtracts the batch's mean image."""

    def __call__(self, images, *, rng):
        return images - images.mean(axis=0) if self.spread else images


class Coloured(Brightness):
    def __call__(self, images, *, rng):
        return images * np.float32(1 + self.spread) if images.ndim == 4 else images


class Flickering(Brightness):
    def __call__(self, images, *, rng):
        return super().__call__(images, rng=np.random.default_rng())


def negative(step, total_steps):
    return 0.5 - step / total_steps


def single(shape, *, rng):
    return rng.normal(size=shape).astype(np.float32)


def frozen(shape, *, rng):
    return np.random.default_rng(0).normal(size=shape)


class Crashing(Signum):
    def update(self, chunk, learning_rate, step):
        chunk.parameter -= learning_rate * chunk.velocity


BROKEN = [
    ("optimizer", Ascent, "minimum of a quadratic"),
    ("optimizer", Restless, "learning rate zero changes nothing"),
    ("optimizer", Counting, "chunk sizes agree"),
    ("optimizer", Counting, "it remembers nothing itself"),
    ("optimizer", Rateless, "default learning rate"),
    ("optimizer", Lax, "options are refused when out of range"),
    ("optimizer", Crashing, "dtype and shape"),
    ("activation", Mistyped, "gradient"),
    ("activation", Overwritten, "gradient"),
    ("layer", Biased, "expectation"),
    ("layer", Leaky, "global random state is untouched"),
    ("layer", Leaky, "same rng same bytes"),
    ("layer", Forgetful, "it is saved whole"),
    ("penalty", Double, "gradient"),
    ("penalty", Overwriting, "it adds"),
    ("penalty", Overwriting, "off is absent"),
    ("penalty", Loud, "chunk sizes agree"),
    ("loss", Sum, "it is a mean"),
    ("loss", Wide, "dtype and shape"),
    ("augmentation", InPlace, "dtype and shape"),
    ("augmentation", InPlace, "off is absent"),
    ("augmentation", Standardized, "images are treated by themselves"),
    ("augmentation", Coloured, "one channel is grey"),
    ("augmentation", Flickering, "same rng same bytes"),
    ("schedule", negative, "multipliers are sound"),
    ("initializer", single, "dtype and shape"),
    ("initializer", frozen, "calls go on in the stream"),
]


@pytest.mark.parametrize(("kind", "target", "rule"), BROKEN)
def test_an_error_is_found_by_its_rule(kind, target, rule):
    (result,) = [r for r in check(kind, target) if r.name == rule]
    assert not result.ok
    # What, rule, got, remedy, on one line.
    what, _, got = result.detail.partition(" — got ")
    assert what.startswith(target.__name__)
    assert " must " in what or " may " in what or " be " in what
    assert got.count(". ") >= 1
    assert "\n" not in str(result)


def test_what_a_component_raises_names_file_and_line():
    (result,) = [r for r in check("optimizer", Crashing) if r.name == "dtype and shape"]
    assert "AttributeError" in result.detail
    assert "test_checks.py:" in result.detail


def test_a_broken_component_fails_a_test_with_one_line_per_rule():
    with pytest.raises(AssertionError, match="optimizer Ascent\nFAILED  minimum of a quadratic"):
        assert_contract("optimizer", Ascent)


def test_something_else_altogether_is_no_component():
    assert not any(r.ok for r in check("optimizer", dict) if r.name == "it is an optimizer")
    with pytest.raises(ValueError, match="must be one of optimizer"):
        check("optimiser", Signum)


def test_every_kind_has_sound_and_broken_examples():
    kinds = set(CONTRACTS) - {"mixup"}
    assert {kind for kind, _ in SOUND} == {kind for kind, _, _ in BROKEN} == kinds
    assert str(BreachError("x must be 1", 2, "Add.")) == "x must be 1 — got 2. Add."
