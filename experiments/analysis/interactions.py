"""Two-way interactions: what two components do together against the sum of what each does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, groupby, product
from operator import itemgetter
from typing import Any

import pandas as pd

from experiments.analysis.columns import Column, names
from experiments.analysis.comparison import Comparison, comparison
from experiments.analysis.contrasts import BlockContrast
from experiments.analysis.family import SCHEMA as COMPARISON
from experiments.analysis.family import judged
from experiments.analysis.grid import BlockGrid, block_grids
from experiments.analysis.outcome import outcome
from experiments.analysis.questions import component_levels
from experiments.analysis.simple_effects import SCHEMA as SIMPLE
from experiments.analysis.simple_effects import simple_effects
from experiments.analysis.units import interaction_units
from experiments.design.study import Study

FAMILY = "two-way interactions of the study, all datasets"
_Level = tuple[str, str]  # component, level


def interactions(runs: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Estimate how the effect of one component depends on another.

    interaction = (effect of A with B) − (effect of A without B), averaged per block over all
    combinations of the other factors that the design holds; twice the textbook's on 2^k
    designs. The same number is (both) − (A alone) − (B alone) + (neither), which names the
    pair, good and bad being the response's direction:

    - *redundant*: both help or both harm, and each does less beside the other.
    - *synergistic*: together better than the sum of both.
    - *antagonistic*: together worse than the sum of both.
    - *additive*: TOST shows the interaction smaller than the margin; it wins over the others.
    - *inconclusive*: none of this is shown.

    Parameters
    ----------
    runs, study
        As for `component_effects`.

    Returns
    -------
    DataFrame
        `SCHEMA`. The simple effects `a_alone_pp` (A without B), `a_with_b_pp` and so for B, and
        `together_pp`, the gain of both over neither, are means over the same cells and blocks as
        the interaction. Without the four cells, or with fewer than two complete blocks, figures
        are NaN and `notes` says so.
    """
    studied = outcome(study)
    pairs = [
        _Pair(a, b, comparison(grid, interaction_units(grid, a, b), studied))
        for grid in block_grids(runs, study)
        for a, b in _pairs(grid)
    ]
    if not pairs:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = judged([pair.comparison for pair in pairs], study, family=FAMILY)
    made = [
        {**row, **pair.names, **pair.figures(row["look"])}
        for pair, row in zip(pairs, rows, strict=True)
    ]
    for row in made:
        row["pair"] = pair_word(row, studied.response.sign)
    table = pd.DataFrame(made).rename(columns={"effect_pp": "interaction_pp"})
    return table[list(COLUMNS)]


def pair_word(row: Mapping[str, Any], sign: int) -> str:
    """Return the word for a pair from its verdict and its simple effects.

    Parameters
    ----------
    row : mapping
        `verdict` of the interaction, `a_alone_pp`, `a_with_b_pp`, `b_alone_pp`, `b_with_a_pp`.
    sign : int
        +1 where a higher response is better, −1 where a lower one is.
    """
    if row["verdict"] not in ("helps", "hurts"):
        return {"equivalent": "additive"}.get(row["verdict"], "inconclusive")
    effects = [sign * row[f"{name}_pp"] for name in ("a_alone", "b_alone", "a_with_b", "b_with_a")]
    more = row["verdict"] == "helps"
    # Where both harm, better than the sum is less harm than the sum.
    if max(effects) <= 0 if more else min(effects) >= 0:
        return "redundant"
    return "synergistic" if more else "antagonistic"


@dataclass(frozen=True)
class _Pair:
    a: _Level
    b: _Level
    comparison: Comparison

    @property
    def names(self) -> dict[str, str]:
        names = ("dataset", "component_a", "level_a", "component_b", "level_b")
        return dict(zip(names, (self.comparison.grid.dataset, *self.a, *self.b), strict=True))

    def figures(self, look: int) -> dict[str, Any]:
        item = self.comparison
        on_a, on_b = (item.grid.has_level(*side) for side in (self.a, self.b))
        part = item.at(look)
        return {
            "n_cells": part.n_cells,
            "notes": _notes(part),
            **simple_effects(item, look, on_a, on_b),
        }


def _pairs(grid: BlockGrid) -> Iterator[tuple[_Level, _Level]]:
    levels = ((component, level) for component, level, _ in component_levels(grid))
    by_component = [list(own) for _, own in groupby(levels, itemgetter(0))]
    for a, b in combinations(by_component, 2):
        yield from product(a, b)


def _notes(part: BlockContrast) -> str:
    if not part.n_units_planned:
        return "no interaction: the design lacks cells with both, one and neither"
    lost = part.n_units_planned - part.units.shape[1]
    return f"{lost} of {part.n_units_planned} sets of four cells left out for lost runs" * (
        lost > 0
    )


_SHARED = {column.name: column for column in COMPARISON}
SCHEMA = (
    Column("dataset", "", "name of the dataset"),
    Column("component_a", "", "factor A"),
    Column("level_a", "", "its level"),
    Column("component_b", "", "factor B"),
    Column("level_b", "", "its level"),
    *(_SHARED[name] for name in ("n", "n_replicates", "look", "n_looks", "unit")),
    Column("n_cells", "", "cells that enter"),
    *(_SHARED[name] for name in ("n_missing", "n_diverged", "n_not_tuned")),
    Column("interaction_pp", "pp", "effect of A with B less its effect without B"),
    *(_SHARED[name] for name in ("ci_low_pp", "ci_high_pp")),
    *(_SHARED[name] for name in ("equivalence_ci_low_pp", "equivalence_ci_high_pp")),
    *(_SHARED[name] for name in ("p", "p_adjusted", "family", "family_size", "alpha")),
    *(_SHARED[name] for name in ("margin_pp", "p_equivalence", "p_equivalence_adjusted")),
    *SIMPLE,
    Column("pair", "", "redundant, synergistic, antagonistic, additive or inconclusive"),
    Column("notes", "", "what could not be said, and why"),
)
COLUMNS = names(SCHEMA)
