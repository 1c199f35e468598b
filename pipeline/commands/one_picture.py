"""One picture: taken from a dataset, or drawn as a PNG."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from data_loaders.datasets import Dataset
from experiments.errors import StudyError
from pipeline import atomic

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def one_image(dataset: Dataset, number: int) -> tuple[np.ndarray, str]:
    """Return an image of the test part, or of the whole dataset where it has no given test part.

    Returns
    -------
    tuple of ndarray and str
        Raw pixels, shape (height, width[, channels]), and what they are: "test image 5, seven".
    """
    if dataset.is_table:
        raise StudyError(f"`--image` must be of a dataset of images; {dataset.name} is a table.")
    images, labels, part = dataset.x_test, dataset.y_test, "test image"
    if images is None or labels is None:
        images, labels, part = dataset.x, dataset.y, "image"
    if not 0 <= number < len(images):
        raise StudyError(
            f"`--image` must be from 0 to {len(images) - 1} for {dataset.name}; got {number}."
        )
    label = dataset.class_names[int(labels[number])]
    return np.asarray(images[number]), f"{part} {number}, {label}"


def write_png(path: Path, root: Path, draw: Callable[[Figure], None]) -> str:
    """Write what `draw` puts on a figure, whose height it sets; return the path from `root`."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from pipeline.results.figures.style import SETTINGS, new_figure

    content = BytesIO()
    with mpl.rc_context(cast(Any, SETTINGS)):
        figure = new_figure()
        figure.set_dpi(SETTINGS["savefig.dpi"])
        draw(figure)
        FigureCanvasAgg(figure).print_png(content, metadata={"Software": None})
    atomic.write_bytes(path, content.getvalue())
    return str(path.relative_to(root) if path.is_relative_to(root) else path)
