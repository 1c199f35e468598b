"""The figures a report may hold: what each shows, when it can be drawn, and how large."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.axes import Axes

from pipeline.figures.accuracy_cost import accuracy_cost
from pipeline.figures.effect_forest import effect_forest
from pipeline.figures.learning_curves import learning_curves
from pipeline.figures.material import Material


@dataclass(frozen=True)
class Kind:
    """One kind of figure.

    Attributes
    ----------
    name : str
        First part of the file names.
    heading, about : str
        Heading in the report and how to read the figure.
    possible : callable
        Whether the material suffices.
    size : callable
        Width and height in inches.
    draw : callable
        Draws on given axes and returns them.
    """

    name: str
    heading: str
    about: str
    possible: Callable[[Material], bool]
    size: Callable[[Material], tuple[float, float]]
    draw: Callable[[Axes, Material], Axes]


def _forest(axes: Axes, m: Material) -> Axes:
    return effect_forest(axes, m.of("effects"), dataset=m.title)


def _curves(axes: Axes, m: Material) -> Axes:
    return learning_curves(
        axes, m.results.history, m.runs, dataset=m.title, highlight=m.highlighted,
        alpha=m.results.alpha,
    )  # fmt: skip


def _cost(axes: Axes, m: Material) -> Axes:
    return accuracy_cost(axes, m.of("cells"), dataset=m.title, group=m.group)


def _has(name: str, column: str) -> Callable[[Material], bool]:
    """Tell whether the dataset's part of a table has a number in a column."""

    def check(material: Material) -> bool:
        rows = material.of(name)
        return len(rows) > 0 and bool(rows[column].notna().any())

    return check


def _has_history(m: Material) -> bool:
    ok = m.runs.loc[m.runs["status"] == "ok", "run_key"]
    return len(m.results.history) > 0 and bool(m.results.history["run_key"].isin(ok).any())


CATALOGUE: tuple[Kind, ...] = (
    Kind(
        "effect_forest",
        "What each component does",
        "Each row is a component's main effect: the mean difference between cells that differ in it "
        "alone, paired inside replicates.",
        _has("effects", "effect_pp"),
        lambda m: (7.2, 1.5 + 0.36 * len(m.of("effects"))),
        _forest,
    ),
    Kind(
        "learning_curves",
        "Learning curves",
        "The baseline in black, each component added to it alone, and the best cell.",
        _has_history,
        lambda _: (7.2, 4.2),
        _curves,
    ),
    Kind(
        "accuracy_cost",
        "Accuracy against cost",
        "Up and to the left is better. Neighbours on the front whose bars overlap may swap places "
        "in another study.",
        _has("cells", "fit_cpu_s"),
        lambda _: (7.2, 4.2),
        _cost,
    ),
)
