"""A kind of figure: what it is called, when it can be drawn, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline.results.figures.material import Material, RestsOn
from pipeline.results.text.measure import Measure

# A drawing is a phone wide; and ticks are what takes longest to draw.
TICKS = 5

Draw = Callable[[Figure, Material], str]


@dataclass(frozen=True)
class Kind:
    """One kind of figure.

    Attributes
    ----------
    name : str
        First part of the file names.
    heading, about : str
        Heading, in which {response} stands for the study's, and how to read the figure.
    rests_on : str
        Which runs it is drawn from: a name that `Material.run_keys` knows.
    possible : callable
        Whether the material suffices.
    height : callable
        Inches under the heading.
    draw : callable
        Draws on an empty figure and returns the caption: n, and what the interval is.
    """

    name: str
    heading: str
    about: str
    rests_on: RestsOn
    possible: Callable[[Material], bool]
    height: Callable[[Material], float]
    draw: Draw

    def headed(self, measure: Measure) -> str:
        """Return the heading with the study's response in its place."""
        text = self.heading.format(response=measure.response.title)
        return text[:1].upper() + text[1:]


def on_axes(draw: Callable[[Axes, Material], str]) -> Draw:
    """Return a drawing that needs no more than one pair of axes, with room for few ticks."""

    def drawing(figure: Figure, material: Material) -> str:
        axes = figure.add_subplot()
        axes.locator_params(nbins=TICKS)
        return draw(axes, material)

    return drawing


def rows_high(count: int) -> float:
    """Return the inches of a drawing with a row of marks for each of so many names."""
    return 0.85 + 0.5 * count
