"""Contrasts that a study asks for: any two levels of one factor against each other."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.design.factors import Factor
from experiments.errors import StudyError

Switch = tuple[str, str, str]  # component, level, and what that is compared with


def contrast_levels(
    contrasts: Sequence[tuple[str, str]], factors: Sequence[Factor]
) -> list[Switch]:
    """Return each contrast with the factor that it is of.

    Parameters
    ----------
    contrasts : sequence of pairs of str
        Labels of two levels, the first compared with the second.
    factors : sequence of Factor
        The study's factors.

    Raises
    ------
    StudyError
        If a pair is no two levels of one factor, comes twice, or holds the null level, with
        which every level is compared anyway.
    """
    found: list[Switch] = []
    for i, pair in enumerate(contrasts):
        where = f"`study.contrasts[{i}]`"
        factor = next((f for f in factors if set(pair) <= set(f.labels)), None)
        if factor is None or pair[0] == pair[1]:
            known = "; ".join(f"{f.name}: {', '.join(f.labels)}" for f in factors)
            raise StudyError(
                f"{where} must name two levels of one factor; got {list(pair)}. There are {known}."
            )
        if factor.null in pair:
            raise StudyError(
                f"{where} must not hold the null level {factor.null}; got {list(pair)}. "
                "Leave it out: every level is compared with the null level."
            )
        if any(known[0] == factor.name and {*known[1:]} == {*pair} for known in found):
            raise StudyError(f"{where} must be another contrast; {list(pair)} comes twice.")
        found.append((factor.name, *pair))
    return found
