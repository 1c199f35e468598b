"""A kind of figure: what it is called, what it rests on, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from pipeline.results.figures.material import Material, RestsOn
from pipeline.results.text.measure import Measure

Draw = Callable[[Figure, Material], str | None]


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
        Which runs it is drawn from, for `Material.run_keys`.
    draw : callable
        Draws on an empty figure, whose height it sets, and returns the caption: n, and what the
        interval is. None where the material does not suffice.
    """

    name: str
    heading: str
    about: str
    rests_on: RestsOn
    draw: Draw

    def headed(self, measure: Measure) -> str:
        """Return the heading with the study's response in its place."""
        text = self.heading.format(response=measure.response.title)
        return text[:1].upper() + text[1:]


def kind(heading: str, about: str, rests_on: RestsOn) -> Callable[[Draw], Kind]:
    """Return a decorator that makes a figure of a drawing function, which gives it its name."""
    return lambda draw: Kind(draw.__name__, heading, about, rests_on, draw)
