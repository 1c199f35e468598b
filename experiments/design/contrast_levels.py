"""Contrasts that a study asks for: any two levels of one factor against each other."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.design.factors import Factor
from experiments.errors import StudyError


def contrast_levels(
    contrasts: Sequence[tuple[str, str]], factors: Sequence[Factor]
) -> list[tuple[int, int, int]]:
    """Return for each contrast which factor it is of, and the codes of its two levels.

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
    found: list[tuple[int, int, int]] = []
    for i, pair in enumerate(contrasts):
        where = f"`study.contrasts[{i}]`"
        index = next((n for n, f in enumerate(factors) if set(pair) <= set(f.labels)), None)
        if index is None or pair[0] == pair[1]:
            known = "; ".join(f"{factor.name}: {', '.join(factor.labels)}" for factor in factors)
            raise StudyError(
                f"{where} must name two levels of one factor; got {list(pair)}. There are {known}."
            )
        if factors[index].null in pair:
            raise StudyError(
                f"{where} must not hold the null level {factors[index].null}; got {list(pair)}. "
                "Leave it out: every level is compared with the null level."
            )
        codes = (factors[index].labels.index(pair[0]), factors[index].labels.index(pair[1]))
        if any(known[0] == index and {*known[1:]} == {*codes} for known in found):
            raise StudyError(f"{where} must be another contrast; {list(pair)} comes twice.")
        found.append((index, *codes))
    return found
