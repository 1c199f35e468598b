"""Drawings as files: a PNG with a palette and an SVG, painted by processes where there are many."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from PIL import Image

from pipeline import atomic
from pipeline.results.figures.style import SETTINGS, head_points
from pipeline.results.figures.svg import tidy
from pipeline.study.machine import cores

# Of these a picture keeps every edge; more would triple the file.
_COLOURS = 128
# A process takes a second to start, a drawing a third of one.
_FEW, _PROCESSES = 15, 2

Paint = Callable[[Figure, Path, Path], object]


@contextmanager
def painter(most: int) -> Iterator[Paint]:
    """Yield what paints a figure as an SVG and a PNG file; at most so many figures will come.

    More than a few are painted by processes of their own, where there are two cores, while the
    caller draws the next ones. On leaving, every file is written. Either way a figure gives the
    same bytes.
    """
    if most <= _FEW or cores() < _PROCESSES:
        yield paint
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_PROCESSES, mp_context=context, initializer=_end_with_parent) as pool:
        jobs = []
        yield lambda *figure: jobs.append(pool.submit(paint, *figure))
        for job in jobs:
            job.result()


def _end_with_parent() -> None:
    """End this process with the one that started it, however that ends."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def paint(figure: Figure, svg: Path, png: Path) -> None:
    """Write both files of a figure, which is used up by that.

    `Figure.savefig` draws everything twice; the canvases draw once each. The layout is settled in
    the first, so that both files show the same picture.
    """
    head = head_points(figure)
    with mpl.rc_context(cast(Any, SETTINGS)):
        atomic.write_bytes(png, _picture(figure))
        figure.set_layout_engine("none")
        drawing = BytesIO()
        FigureCanvasSVG(figure).print_svg(drawing, metadata={"Date": None, "Creator": None})
    atomic.write_text(svg, tidy(drawing.getvalue(), head))


def _picture(figure: Figure) -> bytes:
    figure.set_dpi(SETTINGS["savefig.dpi"])
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    content = BytesIO()
    fast = Image.Quantize.FASTOCTREE
    pixels.quantize(_COLOURS, fast, dither=Image.Dither.NONE).save(content, "PNG")
    return content.getvalue()
