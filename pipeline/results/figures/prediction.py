"""One picture beside the probabilities that a network gives to the classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from pipeline.results.figures.style import BLUE, FAINT, say


def prediction(
    picture: Axes,
    bars: Axes,
    pixels: NDArray[np.floating],
    probabilities: NDArray[np.float64],
    *,
    title: str,
    said: str,
    class_names: Sequence[str],
) -> Axes:
    """Draw the picture as the network got it, and a bar for each class.

    Parameters
    ----------
    picture, bars : Axes
        Where to draw.
    pixels : array, shape (h, w)
        The picture.
    probabilities : array, shape (n_classes,)
        Sums to 1.
    title, said : str
        The picture's name; which network answers.
    class_names : sequence of str
        In the order of the classes.

    Returns
    -------
    Axes
        `bars`.
    """
    picture.imshow(pixels, cmap="gray_r", interpolation="nearest", vmin=0)
    picture.set_axis_off()
    say(picture, title if len(title) <= 28 else f"{title[:27]}…", "as the network got it")
    best = int(probabilities.argmax())
    inks = [BLUE if i == best else FAINT for i in range(len(probabilities))]
    places = np.arange(len(probabilities))
    bars.barh(places, 100 * probabilities, color=inks, height=0.7)
    for y, p in enumerate(probabilities):
        bars.annotate(f"{100 * p:.1f} %", (100 * p, y), xytext=(4, 0), textcoords="offset points",
                      va="center", fontsize=8.5)  # fmt: skip
    bars.set_yticks(places, class_names)
    bars.invert_yaxis()
    bars.set_xlim(0, 118)
    bars.tick_params(axis="y", length=0)
    bars.grid(False, axis="y")
    bars.set_xlabel("probability (%), not calibrated")
    say(bars, f"{class_names[best]}, says the network", said)
    return bars
