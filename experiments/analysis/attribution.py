"""Ways to share out what the full recipe gains: description beside the main effects."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.analysis.columns import Column, interval
from experiments.analysis.questions import Question
from experiments.analysis.shapley import shapley_unit
from experiments.analysis.units import add_one_in_unit, leave_one_out_unit
from experiments.analysis.variance import grid_shares

_SHARES = (
    ("leave_one_out", leave_one_out_unit, "no leave-one-out: the design lacks its two cells"),
    ("add_one_in", add_one_in_unit, "no add-one-in: the design lacks its two cells"),
    ("shapley", shapley_unit, "no Shapley share: the design lacks some of the 2^k cells"),
)


def attribution(question: Question, notes: list[str]) -> dict[str, float]:
    """Return leave-one-out, add-one-in and Shapley share over whole blocks.

    Their intervals cover 1 − alpha each, corrected for nothing.

    Parameters
    ----------
    question : Question
        The level and what it is compared with.
    notes : list of str
        What the design or the runs cannot support is appended.
    """
    columns: dict[str, float] = {}
    grid, studied = question.grid.whole, question.comparison.outcome
    for name, unit_of, lacks in _SHARES:
        units = unit_of(grid, *question.switch)
        part = studied.contrast(grid, units)
        estimate = studied.estimate(part, confidence=1 - grid.study.alpha)
        columns[f"{name}_pp"] = estimate.mean
        columns[f"{name}_ci_low_pp"] = estimate.ci_low
        columns[f"{name}_ci_high_pp"] = estimate.ci_high
        if not len(units):
            notes.append(lacks)
        elif not estimate.n:
            notes.append(f"no {name.replace('_', '-')}: no block has all its runs")
    return columns


def variance_by_component(asked: Sequence[Question]) -> dict[str, tuple[dict[str, float], str]]:
    """Return by dataset the share of each component, and why there is none."""
    shares: dict[str, tuple[dict[str, float], str]] = {}
    for grid in {question.grid.dataset: question.grid for question in asked}.values():
        table = grid_shares(grid.whole)
        by_term = dict(zip(table["term"], table["share"], strict=True))
        shares[grid.dataset] = by_term, str(table["reason"].iloc[0])
    return shares


SCHEMA = (
    *interval(
        "leave_one_out_pp",
        "pp",
        "all components on, with it less without it",
        prefix="leave_one_out_",
        description=True,
    ),
    *interval(
        "add_one_in_pp",
        "pp",
        "baseline with it less baseline",
        prefix="add_one_in_",
        description=True,
    ),
    *interval(
        "shapley_pp",
        "pp",
        "Shapley share of full less baseline",
        prefix="shapley_",
        description=True,
    ),
    Column("variance_share", "%", "share of the response's variance", description=True),
)
