"""What a check is given and what it says."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nn.component import configure


@dataclass(frozen=True)
class CheckResult:
    """One rule of the contract, and whether the component keeps it.

    Parameters
    ----------
    name : str
        The rule's name, such as "gradient".
    ok : bool
    detail : str
        Empty if it does; otherwise rule, what came and remedy, in one line.
    """

    name: str
    ok: bool
    detail: str = ""

    def __str__(self) -> str:
        return f"ok      {self.name}" if self.ok else f"FAILED  {self.name} — {self.detail}"


class BreachError(Exception):
    """A rule is broken: the rule, what came, and what to do."""

    def __init__(self, rule: str, got: object, remedy: str) -> None:
        super().__init__(f"{rule} — got {got}. {remedy}")


@dataclass(frozen=True)
class Subject:
    """The component on trial.

    Parameters
    ----------
    target : class or function
    options : mapping
        Given to every instance; the component's defaults otherwise.
    """

    target: Callable[..., Any]
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name in code."""
        return getattr(self.target, "__name__", repr(self.target))

    @property
    def off(self) -> Mapping[str, Any] | None:
        """The options at which it is absent, if it says that there are such."""
        return getattr(self.target, "off", None)

    def make(self, **options: Any) -> Any:
        """Return it ready for use, with further options."""
        return configure(self.target, **{**self.options, **options})

    def numbers(self) -> list[str]:
        """Return the names of the options whose default is a number."""
        return [
            p.name
            for p in inspect.signature(self.target).parameters.values()
            if isinstance(p.default, int | float) and not isinstance(p.default, bool)
        ]


def same_bytes(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    """Whether two lists of arrays agree bit for bit, types and shapes included."""
    return len(one) == len(other) and all(
        (a.shape, a.dtype, a.tobytes()) == (b.shape, b.dtype, b.tobytes())
        for a, b in zip(one, other, strict=True)
    )


def slope_error(
    function: Callable[[np.ndarray], float], gradient: np.ndarray, at: np.ndarray
) -> float:
    """Return the largest relative error of `gradient` along five random directions (float64)."""
    rng, step, worst = np.random.default_rng(9), 6e-6, 0.0
    for _ in range(5):
        direction = rng.standard_normal(at.shape)
        direction /= np.linalg.norm(direction)
        numeric = (function(at + step * direction) - function(at - step * direction)) / (2 * step)
        analytic = float(np.sum(gradient * direction))
        scale = max(abs(numeric), abs(analytic))
        worst = max(worst, abs(numeric - analytic) / scale if scale else 0.0)
    return worst
