"""A kind of figure: what it is called, when it can be drawn, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.axes import Axes

from pipeline.results.figures.material import Material, RestsOn


@dataclass(frozen=True)
class Kind:
    """One kind of figure.

    Attributes
    ----------
    name : str
        First part of the file names.
    label : str
        Its place in the report's contents.
    heading, about : str
        Heading in the report and how to read the figure.
    rests_on : str
        Which runs it is drawn from: a name that `Material.run_keys` knows.
    possible : callable
        Whether the material suffices.
    size : callable
        Width and height in inches.
    draw : callable
        Draws on given axes and returns them.
    """

    name: str
    label: str
    heading: str
    about: str
    rests_on: RestsOn
    possible: Callable[[Material], bool]
    size: Callable[[Material], tuple[float, float]]
    draw: Callable[[Axes, Material], Axes]
