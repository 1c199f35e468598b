"""The contract of initializers."""

from __future__ import annotations

import numpy as np

from nn.checks.contract import BreachError, Subject

_SHAPES = ((1, 1), (5, 3), (3, 5), (300, 200))


def exercise(subject: Subject) -> list[np.ndarray]:
    """Draw matrices of several shapes."""
    rng = np.random.default_rng(0)
    return [np.asarray(subject.make()(shape, rng=rng)) for shape in _SHAPES]


def dtype_and_shape(subject: Subject) -> None:
    """A finite float64 array of the shape that was asked for."""
    for shape in _SHAPES:
        draws = subject.make()(shape, rng=np.random.default_rng(0))
        what = f"{getattr(draws, 'shape', draws)} of {getattr(draws, 'dtype', type(draws))}"
        if not isinstance(draws, np.ndarray) or (draws.shape, draws.dtype) != (shape, float):
            raise BreachError(
                f"shape {shape} must give a float64 array of it", what, "Return rng.normal(…)."
            )
        if not np.isfinite(draws).all():
            raise BreachError("all values must be finite", draws.min(), "Check the deviation.")


def calls_go_on_in_the_stream(subject: Subject) -> None:
    """What is drawn comes from the generator: two layers do not start with the same values."""
    rng = np.random.default_rng(0)
    one, other = (subject.make()((30, 20), rng=rng) for _ in range(2))
    if np.array_equal(one, other) and one.std() > 0:
        raise BreachError(
            "two calls with one generator must differ",
            "the same values",
            "Draw from `rng`; make no generator of your own.",
        )


RULES = (dtype_and_shape, calls_go_on_in_the_stream)
