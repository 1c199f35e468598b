"""The figures that answer: effects, accuracy against cost, interactions, variance, step cost."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from pipeline.results.figures.accuracy_cost import accuracy_cost
from pipeline.results.figures.effect_forest import effect_forest
from pipeline.results.figures.interaction_heatmap import interaction_heatmap
from pipeline.results.figures.kind import Kind, on_axes, rows_high
from pipeline.results.figures.material import Material
from pipeline.results.figures.step_cost_bars import step_cost
from pipeline.results.figures.variance_shares import variance_shares
from pipeline.results.tables.step_rows import step_rows


def has(name: str, column: str) -> Callable[[Material], bool]:
    """Return a check whether the dataset's part of a table has a number in a column."""
    return lambda material: bool(material.of(name)[column].notna().any())


def _cost_height(m: Material) -> float:
    cells = m.of("cells")
    keyed = int(cells["on_front"].sum()) + cells[m.group].nunique()
    return 3.6 + 0.22 * -(-keyed // 2)


def _steps(m: Material) -> pd.DataFrame:
    return step_rows(m.results, m.dataset)


ANSWERS: tuple[Kind, ...] = (
    Kind(
        "effect_forest",
        "What each component does",
        "Each row is a component's main effect: the mean difference between cells that differ in "
        "it alone, paired inside replicates.",
        "cells",
        has("effects", "effect_pp"),
        lambda m: rows_high(len(m.of("effects"))),
        on_axes(lambda axes, m: effect_forest(axes, m.of("effects"), measure=m.measure)),
    ),
    Kind(
        "accuracy_cost",
        "{response} against cost",
        "Up and to the left is better. Neighbours on the front whose bars overlap may swap places "
        "in another study.",
        "cells",
        has("cells", "cost_s"),
        _cost_height,
        on_axes(
            lambda axes, m: accuracy_cost(
                axes, m.of("cells"), group=m.group, measure=m.measure, alpha=m.alpha
            )
        ),
    ),
    Kind(
        "step_cost",
        "Cost per step",
        "Timed apart from the study: one process at a time, with and without interleaved.",
        "timing",
        lambda m: len(_steps(m)) > 0,
        lambda m: rows_high(len(_steps(m))),
        on_axes(lambda axes, m: step_cost(axes, _steps(m))),
    ),
    Kind(
        "interaction_heatmap",
        "Which components depend on each other",
        "Zero means that two components together do just the sum of what they do alone.",
        "cells",
        has("interactions", "interaction_pp"),
        lambda m: 1.6 + 0.55 * m.of("interactions")["title_a"].nunique(),
        on_axes(lambda axes, m: interaction_heatmap(axes, m.of("interactions"), measure=m.measure)),
    ),
    Kind(
        "variance_shares",
        "What makes runs differ",
        "A component with a small share may still help for certain; a large share of seed noise "
        "means that single runs mislead.",
        "cells",
        has("variance", "share"),
        lambda m: 0.8 + 0.29 * len(m.of("variance")),
        on_axes(lambda axes, m: variance_shares(axes, m.of("variance"), measure=m.measure)),
    ),
)
