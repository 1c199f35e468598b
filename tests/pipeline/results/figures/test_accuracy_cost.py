"""Accuracy against cost."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.axes import Axes

from pipeline.results.figures.accuracy_cost import accuracy_cost
from pipeline.results.figures.style import new_axes


@pytest.fixture
def cells() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cell": ["sgd", "adam", "sgd+l2"],
            "optimizer": ["sgd", "adam", "sgd"],
            "n": 5,
            "mean_accuracy": [0.95, 0.97, 0.94],
            "mean_ci_low": [0.94, 0.96, 0.93],
            "mean_ci_high": [0.96, 0.98, 0.95],
            "cost_s": [1.0, 2.0, 1.5],
            "cost_basis": "steps",
            "on_front": [True, True, False],
            "is_baseline": [True, False, False],
        }
    )


def drawn(cells: pd.DataFrame, alpha: float = 0.05) -> Axes:
    return accuracy_cost(
        new_axes(7, 4),
        cells,
        dataset="digits",
        group="optimizer",
        response="validation accuracy",
        alpha=alpha,
    )


def test_axis_and_caption_say_what_was_measured(cells) -> None:
    axes = drawn(cells, alpha=0.1)

    assert axes.get_ylabel() == "validation accuracy (%)"
    assert "90 % interval" in axes.texts[0].get_text()


def test_the_front_joins_its_cells_in_order_of_cost(cells) -> None:
    axes = drawn(cells)

    front = axes.lines[0]
    assert list(front.get_xdata()) == [1.0, 2.0]
    assert list(front.get_ydata()) == pytest.approx([95, 97])
    texts = [text.get_text() for text in axes.texts]
    assert texts[-2:] == ["1 sgd", "2 adam"]
    assert "baseline" in texts


@pytest.mark.parametrize(
    ("basis", "words"), [("steps", "measured cost per step"), ("run", "runs shared the machine")]
)
def test_the_axis_says_what_the_cost_is(cells, basis: str, words: str) -> None:
    axes = drawn(cells.assign(cost_basis=basis))

    assert words in axes.get_xlabel()
