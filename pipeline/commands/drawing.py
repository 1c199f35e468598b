"""What a command draws: one PNG, and its path as one types it in the project."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pipeline import atomic

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
