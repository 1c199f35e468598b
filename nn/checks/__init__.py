"""The contract of each kind of component, for the library's own, and for yours.

In a test of your own: ``nn.checks.assert_contract("optimizer", Signum)``.

Examples
--------
>>> import nn
>>> from nn.checks import check
>>> [result.name for result in check("penalty", nn.L2, strength=0.1) if not result.ok]
[]
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from nn.checks import augmentations, initializers, layers, losses, optimizers, penalties, schedules
from nn.checks.common import COMMON, Exercise
from nn.checks.contract import BreachError, CheckResult, Subject

Rule = Callable[[Subject], None]

CONTRACTS: dict[str, tuple[Exercise, tuple[Rule, ...]]] = {
    "optimizer": (optimizers.exercise, optimizers.RULES),
    "schedule": (schedules.exercise, schedules.RULES),
    "penalty": (penalties.exercise, penalties.RULES),
    "layer": (layers.exercise, layers.RULES),
    "activation": (layers.exercise, layers.ACTIVATION_RULES),
    "initializer": (initializers.exercise, initializers.RULES),
    "loss": (losses.exercise, losses.RULES),
    "augmentation": (augmentations.exercise, augmentations.RULES),
    "mixup": (augmentations.exercise_mixup, augmentations.MIXUP_RULES),
}
"""By kind: a plain use of the component, and the rules of the kind beside the common ones."""


def check(kind: str, target: Callable[..., Any], **options: Any) -> list[CheckResult]:
    """Hold a component to the contract of its kind.

    Parameters
    ----------
    kind : str
        A key of ``CONTRACTS``.
    target : class or function
        The component, not an instance: ``Signum``, ``nn.schedules.cosine``.
    **options
        Those that it cannot do without (``n_outputs`` of Dense), or at which it is to be checked.

    Returns
    -------
    list of CheckResult
        One per rule. A component that cannot be built or used has one line that says why.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    if kind not in CONTRACTS:
        raise ValueError(f"kind — must be one of {', '.join(CONTRACTS)} — got {kind!r}.")
    exercise, rules = CONTRACTS[kind]
    subject = Subject(target, options)
    common: list[Rule] = [_with(rule, exercise) for rule in COMMON]
    return [_tried(rule, subject) for rule in (*rules, *common)]


def assert_contract(kind: str, target: Callable[..., Any], **options: Any) -> None:
    """Raise an AssertionError with one line per broken rule, if there is one; see ``check``."""
    broken = [str(result) for result in check(kind, target, **options) if not result.ok]
    if broken:
        raise AssertionError("\n".join([f"{kind} {Subject(target).name}", *broken]))


def _with(rule: Callable[[Subject, Exercise], None], exercise: Exercise) -> Rule:
    def bound(subject: Subject) -> None:
        rule(subject, exercise)

    bound.__name__ = rule.__name__
    return bound


def _tried(rule: Rule, subject: Subject) -> CheckResult:
    """Apply one rule; what the component raises breaks it, too."""
    name = rule.__name__.replace("_", " ")
    try:
        with np.errstate(under="ignore"):
            rule(subject)
    except BreachError as breach:
        return CheckResult(name, False, f"{subject.name} {breach}")
    except Exception as error:  # the component is the user's: anything may come
        place = traceback.extract_tb(error.__traceback__)[-1]
        got = f"{type(error).__name__}: {error}".split("\n")[0][:300]
        return CheckResult(
            name,
            False,
            f"{subject.name} must work — got {got} ({place.filename}:{place.lineno}). "
            "Correct that line, or give an option that it needs.",
        )
    return CheckResult(name, True)


__all__ = ["CONTRACTS", "CheckResult", "assert_contract", "check"]
