"""Try a component once, so that an option out of range is refused now, not in the middle."""

from __future__ import annotations

import math
import warnings
from numbers import Real
from typing import Any

import numpy as np

from experiments.errors import StudyError, quoted
from experiments.run.component import Component


def try_component(component: Component, where: str) -> None:
    """Build a component, and ask a schedule or an initializer for a first value.

    Raises
    ------
    StudyError
        If it cannot be built with its options, or what it gives is not what its kind gives;
        `where` is the key path.
    """
    if component.kind == "optimizer" and not hasattr(component.target, "default_learning_rate"):
        raise StudyError(
            f"`{where}` needs default_learning_rate, which the tuning starts from; "
            f"{component.path} has none. Give the class one."
        )
    try:
        # An extreme option may overflow on its way; a training that diverges is a result.
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", RuntimeWarning)
            wrong = _first_answer(component)
    except TypeError as error:
        options = quoted(dict(component.options))
        raise StudyError(
            f"`{where}` has an option of the wrong type; got {options}: {_clause(error)}."
        ) from None
    except ValueError as error:
        raise StudyError(f"`{where}` has invalid options: {error}") from None
    # A user's own code may raise anything.
    except Exception as error:
        raise StudyError(
            f"`{where}` cannot be made with its options: {type(error).__name__}: {_clause(error)}."
        ) from None
    if wrong:
        raise StudyError(f"`{where}` {wrong}; see `knockout check {component.path}`.")


def _clause(error: Exception) -> str:
    return str(error).removesuffix(".")


def _first_answer(component: Component) -> str:
    """Return what is wrong with what a component gives; nothing where only a training can tell."""
    made: Any = component.make(**dict.fromkeys(component.makes_use_of("n_outputs"), 2))
    if component.kind == "schedule":
        factor = made(0, 10)
        if not isinstance(factor, Real) or not math.isfinite(factor):
            return f"must return a finite multiple of the learning rate; got {quoted(factor)}"
    elif component.kind == "initializer":
        weights = made((2, 2), rng=np.random.default_rng(0))
        if not isinstance(weights, np.ndarray) or weights.shape != (2, 2):
            return f"must return an array of the shape that it is given; got {quoted(weights)}"
    return ""
