"""The rules for every kind: options, randomness."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np

from nn.checks.contract import BreachError, Subject, same_bytes

Exercise = Callable[[Subject], list[np.ndarray]]
"""Uses the component once, with generators seeded alike each time; returns what came out."""


def options_are_refused_when_out_of_range(subject: Subject, exercise: Exercise) -> None:
    """NaN and both infinities must end in an error that names the option."""
    for name in subject.numbers():
        for value in (math.nan, math.inf, -math.inf):
            rule = f"{subject.name}({name}={value}) must raise a ValueError that names the option"
            remedy = f'Write self.{name} = nn.require("{subject.name}.{name}", {name}, "[0, 1)").'
            options = {**subject.options, name: value}
            try:
                exercise(Subject(subject.target, options))
            except (ValueError, TypeError) as error:
                if name not in str(error):
                    raise BreachError(rule, f"{error!r}", remedy) from None
            except ArithmeticError as error:
                raise BreachError(rule, f"{error!r}", remedy) from None
            else:
                raise BreachError(rule, "no error", remedy)


def same_rng_same_bytes(subject: Subject, exercise: Exercise) -> None:
    """Two uses with generators seeded alike must agree bit for bit."""
    if not same_bytes(exercise(subject), exercise(subject)):
        raise BreachError(
            "two uses with equally seeded generators must give the same bytes",
            "different ones",
            "Draw from the `rng` that is handed over and from nothing else.",
        )


def global_random_state_is_untouched(subject: Subject, exercise: Exercise) -> None:
    """The generators of `numpy.random` and `random` must be as they were."""
    before = np.random.get_state(), random.getstate()  # noqa: NPY002 (what must not be used)
    exercise(subject)
    after = np.random.get_state(), random.getstate()  # noqa: NPY002
    if repr(before) != repr(after):
        raise BreachError(
            "the global random state must not be touched",
            "draws from it",
            "Draw from the `rng` that is handed over.",
        )


COMMON = (
    options_are_refused_when_out_of_range,
    same_rng_same_bytes,
    global_random_state_is_untouched,
)
