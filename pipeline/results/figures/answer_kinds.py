"""The figures that answer: effects, accuracy against cost, interactions, variance, step cost."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from matplotlib.axes import Axes

from pipeline.results.figures.accuracy_cost import accuracy_cost
from pipeline.results.figures.effect_forest import effect_forest
from pipeline.results.figures.interaction_heatmap import interaction_heatmap
from pipeline.results.figures.kind import Kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.step_cost import step_cost
from pipeline.results.figures.variance_shares import variance_shares
from pipeline.results.text.words import response_title
from pipeline.results.tables.step_rows import step_rows

WIDTH = 7.2


def has(name: str, column: str) -> Callable[[Material], bool]:
    """Return a check whether the dataset's part of a table has a number in a column."""

    def check(material: Material) -> bool:
        rows = material.of(name)
        return len(rows) > 0 and bool(rows[column].notna().any())

    return check


def _forest(axes: Axes, m: Material) -> Axes:
    return effect_forest(
        axes, m.of("effects"), dataset=m.title, response=response_title(m.results.study.response)
    )


def _cost(axes: Axes, m: Material) -> Axes:
    return accuracy_cost(
        axes,
        m.of("cells"),
        dataset=m.title,
        group=m.group,
        response=response_title(m.results.study.response),
        alpha=m.results.study.alpha,
    )


def _interactions(axes: Axes, m: Material) -> Axes:
    return interaction_heatmap(axes, m.of("interactions"), dataset=m.title)


def _heatmap_size(m: Material) -> tuple[float, float]:
    return WIDTH, 1.5 + 0.52 * m.of("interactions")["title_a"].nunique()


def _variance(axes: Axes, m: Material) -> Axes:
    return variance_shares(
        axes, m.of("variance"), dataset=m.title, response=response_title(m.results.study.response)
    )


def _step_rows(m: Material) -> pd.DataFrame:
    return step_rows(m.results, m.dataset)


ANSWERS: tuple[Kind, ...] = (
    Kind(
        "effect_forest",
        "Effects",
        "What each component does",
        "Each row is a component's main effect: the mean difference between cells that differ in "
        "it alone, paired inside replicates.",
        "cells",
        has("effects", "effect_pp"),
        lambda m: (WIDTH, 1.5 + 0.36 * len(m.of("effects"))),
        _forest,
    ),
    Kind(
        "accuracy_cost",
        "Cost",
        "Accuracy against cost",
        "Up and to the left is better. Neighbours on the front whose bars overlap may swap places "
        "in another study.",
        "cells",
        has("cells", "cost_s"),
        lambda _: (WIDTH, 4.2),
        _cost,
    ),
    Kind(
        "step_cost",
        "Per step",
        "Cost per step",
        "Timed apart from the study: one process at a time, with and without in turn.",
        "timing",
        lambda m: len(_step_rows(m)) > 0,
        lambda m: (WIDTH, 1.5 + 0.36 * len(_step_rows(m))),
        lambda axes, m: step_cost(axes, _step_rows(m), dataset=m.title),
    ),
    Kind(
        "interaction_heatmap",
        "Interactions",
        "Which components depend on each other",
        "Zero means that two components bring together just what they bring alone.",
        "cells",
        has("interactions", "interaction_pp"),
        _heatmap_size,
        _interactions,
    ),
    Kind(
        "variance_shares",
        "Variance",
        "What makes runs differ",
        "A component with a small share may still help surely; a large share of seed noise means "
        "that single runs mislead.",
        "cells",
        has("variance", "share"),
        lambda m: (WIDTH, 1.4 + 0.27 * len(m.of("variance"))),
        _variance,
    ),
)
