"""Designs: which combinations of levels are run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations, product

from experiments.design.factors import Factor
from experiments.design.fractional import generators
from experiments.design.rules import Rule
from experiments.errors import StudyError

Levels = dict[str, str]
# What the baseline is called when it runs a second time.
PLACEBO = "placebo"
_ON = {"on", "true", "True", "yes"}
_MOST_CELLS = 10_000


def full(factors: Sequence[Factor]) -> list[Levels]:
    """Return every combination of every level, the last factor varying fastest."""
    names = [factor.name for factor in factors]
    return [
        dict(zip(names, labels, strict=True)) for labels in product(*(f.labels for f in factors))
    ]


def _switched(factors: Sequence[Factor], on: Sequence[str]) -> Levels:
    """Return the cell with the named factors at their alternative, the rest at null."""
    return {f.name: f.alternative if f.name in on else f.null for f in factors}


def leave_one_out(factors: Sequence[Factor]) -> list[Levels]:
    """Return the cell with every component on, then that cell without each one."""
    names = [factor.name for factor in factors]
    return [
        _switched(factors, names),
        *(_switched(factors, [n for n in names if n != left]) for left in names),
    ]


def add_one_in(factors: Sequence[Factor]) -> list[Levels]:
    """Return the baseline, then the baseline with each component alone."""
    return [_switched(factors, []), *(_switched(factors, [f.name]) for f in factors)]


def one_factor(factors: Sequence[Factor]) -> list[Levels]:
    """Return the baseline, then each other level of each factor alone."""
    baseline = _switched(factors, [])
    return [baseline, *({**baseline, f.name: lab} for f in factors for lab in f.labels[1:])]


def pairs(factors: Sequence[Factor]) -> list[Levels]:
    """Return the baseline, each component alone, and each two components together."""
    names = [factor.name for factor in factors]
    return add_one_in(factors) + [_switched(factors, two) for two in combinations(names, 2)]


def fractional(factors: Sequence[Factor]) -> list[Levels]:
    """Return a regular fraction of the two-level factorial, resolution IV or better."""
    names = [factor.name for factor in factors]
    base, words = generators(names)
    cells = []
    for signs in product((0, 1), repeat=len(base)):
        on = dict(zip(base, signs, strict=True))
        for name, word in words.items():
            # A product of signs in {-1, 1} is a sum modulo 2, odd words keep all-off all-off.
            on[name] = sum(on[letter] for letter in word) % 2
        cells.append(_switched(factors, [name for name in names if on[name]]))
    return cells


DESIGNS = {
    "full": full,
    "leave_one_out": leave_one_out,
    "add_one_in": add_one_in,
    "one_factor": one_factor,
    "pairs": pairs,
    "fractional": fractional,
}


def check_size(design: str, factors: Sequence[Factor]) -> None:
    """Refuse a full design of more cells than anybody runs, before they are listed."""
    count = math.prod(len(factor.levels) for factor in factors)
    if design == "full" and count > _MOST_CELLS:
        raise StudyError(
            f"`study.design` full must have at most {_MOST_CELLS:,} cells; these levels give "
            f"{count:,}. Use design one_factor, pairs or fractional, or drop levels."
        )


def cells(design: str, factors: Sequence[Factor], rules: Sequence[Rule] = ()) -> list[Levels]:
    """Return the cells of a design that every rule allows.

    Parameters
    ----------
    design : str
        A key of `DESIGNS`.
    factors : sequence of Factor
        At least one.
    rules : sequence of Rule
        A cell that one of them does not allow is left out.
    """
    planned = DESIGNS[design](factors)
    return [levels for levels in planned if all(rule.allows(levels) for rule in rules)]


def cell_name(factors: Sequence[Factor], levels: Mapping[str, str]) -> str:
    """Return a cell's name: multi-level factors by label, components that are on by name.

    A label that says nothing by itself, such as a number, stands behind its factor's name.

    Examples
    --------
    >>> from experiments.design.factors import Factor, Level
    >>> opt = Factor("optimizer", tuple(Level(x, {}) for x in ("sgd", "adam", "lion")), "adam")
    >>> l2 = Factor("l2", (Level("off", {}), Level("on", {})), "on")
    >>> cell_name([opt, l2], {"optimizer": "sgd", "l2": "on"})
    'sgd+l2'
    >>> rates = Factor("dropout", (Level("0", {}), Level("0.5", {})), "0.5")
    >>> cell_name([opt, rates], {"optimizer": "adam", "dropout": "0.5"})
    'adam+dropout=0.5'
    """
    parts = []
    for factor in factors:
        label = levels[factor.name]
        named = label if label[:1].isalpha() else f"{factor.name}={label}"
        if len(factor.levels) > 2:
            parts.append(named)
        elif label != factor.null:
            parts.append(factor.name if label in _ON else named)
    return "+".join(parts) or "baseline"
