"""One picture beside the probabilities that a network gives to the classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from pipeline.results.figures.rows import note_end, without_row_lines
from pipeline.results.figures.style import BLUE, FAINT, say


def prediction(
    figure: Figure,
    pixels: NDArray[np.floating],
    probabilities: NDArray[np.float64],
    *,
    title: str,
    network: str,
    class_names: Sequence[str],
) -> None:
    """Draw the picture, shape (h, w), as the network got it, and a bar for each class.

    `title` is the picture's name, `network` says which one answers.
    """
    best = int(probabilities.argmax())
    say(
        figure,
        f"{class_names[best]}, says the network",
        f"{title}, as the network got it; {network}; probabilities are not calibrated",
    )
    picture, bars = figure.subplots(1, 2, width_ratios=(1, 1.3))
    picture.imshow(pixels, cmap="gray_r", interpolation="none", vmin=0)
    picture.set_axis_off()
    inks = [BLUE if i == best else FAINT for i in range(len(probabilities))]
    places = np.arange(len(probabilities))
    bars.barh(places, 100 * probabilities, color=inks, height=0.7)
    for y, p in enumerate(probabilities):
        note_end(bars, 100 * p, y, f"{100 * p:.1f} %")
    bars.set_yticks(places, class_names)
    bars.invert_yaxis()
    bars.set_xlim(0, 150)
    without_row_lines(bars)
    bars.set_xlabel("probability (%)")
