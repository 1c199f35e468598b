"""The contract of optimizers."""

from __future__ import annotations

import math
from unittest import mock

import numpy as np

from nn.checks.contract import BreachError, Subject
from nn.checks.vectors import Vectors
from nn.optimizers import BoundOptimizer, Optimizer
from nn.penalties import L2


def exercise(subject: Subject) -> list[np.ndarray]:
    """Take five steps on random gradients."""
    vectors = Vectors(_draw(1)[0].astype(np.float32))
    bound = vectors.train(subject.make(), _draw(5), rate=0.01)
    return [vectors.parameters, *bound.states]


def it_is_an_optimizer(subject: Subject) -> None:
    """Must be a subclass, which training knows how to bind."""
    rule = subject.make()
    if not isinstance(rule, Optimizer):
        raise BreachError("must be an nn.Optimizer", type(rule).__mro__, "Derive it from that.")


def default_learning_rate(subject: Subject) -> None:
    """Must be a positive number."""
    rate = getattr(subject.make(), "default_learning_rate", None)
    if not (isinstance(rate, int | float) and 0 < rate < math.inf):
        raise BreachError(
            "default_learning_rate must be a positive number",
            rate,
            "Add `default_learning_rate = 0.01` to the class.",
        )


def dtype_and_shape(subject: Subject) -> None:
    """Parameters move, stay finite, and states keep their type in both precisions."""
    for dtype in (np.float32, np.float64):
        vectors = Vectors(_draw(1)[0].astype(dtype))
        before, held = vectors.parameters, vectors.parameters.copy()
        bound = vectors.train(subject.make(), _draw(3))
        remedy = "Change chunk.parameter and chunk.states in place: `parameter -= …`."
        if vectors.parameters is not before or np.array_equal(before, held):
            raise BreachError("parameters must be changed in place", "the same ones", remedy)
        for array in (before, *bound.states):
            if array.dtype != dtype or not np.isfinite(array).all():
                raise BreachError("all must be finite", f"{array[:3]} of {array.dtype}", remedy)


def learning_rate_zero_changes_nothing(subject: Subject) -> None:
    """At rate 0 the parameters stay, bit for bit."""
    vectors = Vectors(_draw(1)[0].astype(np.float32))
    held = vectors.parameters.copy()
    vectors.train(subject.make(), _draw(3), rate=0.0)
    if not np.array_equal(vectors.parameters, held):
        raise BreachError(
            "at learning_rate 0 nothing may move",
            f"{np.abs(vectors.parameters - held).max():.3g}",
            "Multiply the whole step by learning_rate.",
        )


def chunk_sizes_agree(subject: Subject) -> None:
    """The vector in one piece or in many gives the same bytes, penalty and decay included."""
    results = []
    for chunk in (10**6, 64):
        with mock.patch("nn.optimizers.bound.CHUNK", chunk):
            vectors = Vectors(_draw(1)[0], n_weights=700)
            bound = BoundOptimizer(subject.make(), vectors)
            for gradient in _draw(3):
                vectors.gradients[...] = gradient
                bound.step(0.01, penalty=L2(0.1))
        results.append(vectors.parameters)
    if not np.array_equal(results[0], results[1]):
        raise BreachError(
            "chunks of 64 must give what one piece gives",
            f"a difference of {np.abs(results[0] - results[1]).max():.3g}",
            "Treat each element by itself, and keep nothing but chunk.states between calls.",
        )


def precisions_agree(subject: Subject) -> None:
    """float32 follows float64."""
    one, other = (Vectors(_draw(1)[0].astype(t)) for t in (np.float32, np.float64))
    for vectors in (one, other):
        vectors.train(subject.make(), _draw(10), rate=0.001)
    error = np.abs(one.parameters - other.parameters).max()
    if not error < 1e-4:
        raise BreachError(
            "float32 must end within 1e-4 of float64",
            f"{error:.3g}",
            "Avoid differences of nearly equal numbers, and constants of a fixed type.",
        )


def it_remembers_nothing_itself(subject: Subject) -> None:
    """One object that serves two networks by turns treats each as if it were alone."""
    rule, ends = subject.make(), []
    together = [BoundOptimizer(rule, Vectors(start)) for start in _draw(2)]
    for gradient in _draw(4):
        for bound in together:
            bound.network.gradients[...] = gradient
            bound.step(0.01)
    for start in _draw(2):
        alone = Vectors(start)
        alone.train(subject.make(), _draw(4), rate=0.01)
        ends.append(alone.parameters)
    if not all(
        np.array_equal(b.network.parameters, end) for b, end in zip(together, ends, strict=True)
    ):
        raise BreachError(
            "one optimizer must serve two networks",
            "another result than with one each",
            "Keep what changes in chunk.states, and count with `step`.",
        )


def minimum_of_a_quadratic(subject: Subject) -> None:
    """Finds it at one of three rates around its default, falling linearly to 0."""
    minimum, curvature = np.array([1.0, -2.0, 0.5]), np.array([1.0, 3.0, 0.3])
    # Decoupled decay pulls elsewhere.
    decays = {"weight_decay": 0.0} if "weight_decay" in subject.numbers() else {}
    errors = []
    for factor in (1, 10, 100):
        vectors, n = Vectors(np.zeros(3)), 1500
        rule = subject.make(**decays)
        bound, rate = BoundOptimizer(rule, vectors), factor * rule.default_learning_rate
        with np.errstate(all="ignore"):
            for k in range(n):
                vectors.gradients[...] = curvature * (vectors.parameters - minimum)
                bound.step(rate * (1 - k / n))
        error = np.abs(vectors.parameters - minimum).max()
        errors.append(float(error) if np.isfinite(error) else math.inf)
    if not min(errors) < 1e-2:
        raise BreachError(
            "1,500 steps must end within 0.01 of a quadratic's minimum",
            f"{min(errors):.3g} at best",
            "Check the step's sign and size, and default_learning_rate.",
        )


RULES = (
    it_is_an_optimizer,
    default_learning_rate,
    dtype_and_shape,
    learning_rate_zero_changes_nothing,
    chunk_sizes_agree,
    precisions_agree,
    it_remembers_nothing_itself,
    minimum_of_a_quadratic,
)


def _draw(n: int) -> np.ndarray:
    return np.random.default_rng(n).normal(size=(n, 1000))
