"""The figures of a report, drawn where a study's results allow and written as SVG and PNG."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from pipeline.results.figures.accuracy_cost import accuracy_cost
from pipeline.results.figures.bars import run_time, variance_shares
from pipeline.results.figures.component_rows import component_times, effect_forest, step_cost
from pipeline.results.figures.curves import learning_curves, time_to_target
from pipeline.results.figures.images import first_layer_weights, most_confused, sample_images
from pipeline.results.figures.material import Exhibits, Kind, Material
from pipeline.results.figures.matrices import confusion_matrix, interaction_heatmap
from pipeline.results.figures.style import SETTINGS, head_points, new_figure, say
from pipeline.results.figures.svg import tidy
from pipeline.results.figures.tuning_trials import conclusion_flip, learning_rate_ledger
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.text.titles import dataset_title

# By the headings that they fold under; the first stay open.
GROUPS: dict[str, tuple[Kind, ...]] = {
    "Figures": (effect_forest, accuracy_cost, step_cost, interaction_heatmap, variance_shares),
    "Training, time and tuning": (
        learning_curves,
        time_to_target,
        component_times,
        run_time,
        learning_rate_ledger,
        conclusion_flip,
    ),
    "Images and weights": (confusion_matrix, most_confused, first_layer_weights, sample_images),
}
CATALOGUE: tuple[Kind, ...] = tuple(kind for kinds in GROUPS.values() for kind in kinds)
# Beside the figures, not among them: DVC would take it for a plot.
TRACES = "figure_runs.json"
# Of these a picture keeps every edge; more would triple the file.
_COLOURS = 128


@dataclass(frozen=True)
class FigureFile:
    """A written figure: heading and caption (n, and what the intervals are), and its two files."""

    kind: Kind
    dataset: str
    heading: str
    caption: str
    svg: Path
    png: Path


def draw_figures(
    results: StudyResults,
    tables: Tables,
    out: Path,
    exhibits: Mapping[str, Exhibits],
    kinds: Sequence[Kind] = CATALOGUE,
) -> list[FigureFile]:
    """Draw the figures of every measured dataset.

    They go into the folder `out` as `<kind>_<dataset>.svg` and `.png`, in the study's order of
    datasets, then that of the kinds; figures there that are no longer drawn are deleted.
    `figure_runs.json` beside it names the runs that each rests on. `exhibits` are images and
    weights per dataset; the figures that need them are left out without. The same inputs give the
    same bytes.
    """
    written: list[FigureFile] = []
    traces: dict[str, dict[str, Any]] = {"figures": {}, "runs": {}}
    with mpl.rc_context(cast(Any, SETTINGS)):
        for dataset in results.measured:
            material = Material(results, tables, dataset, exhibits.get(dataset, Exhibits()))
            for kind in kinds:
                drawn = draw(kind, material)
                if drawn is None:
                    continue
                figure, heading, caption = drawn
                svg, png = (out / f"{kind.name}_{dataset}.{end}" for end in ("svg", "png"))
                paint(figure, svg, png)
                written.append(FigureFile(kind, dataset, heading, caption, svg, png))
                name = f"{dataset}: {kind.rests_on}"
                traces["figures"][svg.stem] = name
                if name not in traces["runs"]:
                    traces["runs"][name] = material.run_keys(kind.rests_on)
    atomic.write_text(out.parent / TRACES, json.dumps(traces, indent=1, ensure_ascii=False) + "\n")
    keep = {path for figure in written for path in (figure.svg, figure.png)}
    known = (out.glob(f"{kind.name}_*.{end}") for kind in CATALOGUE for end in ("svg", "png"))
    for path in set(itertools.chain.from_iterable(known)) - keep:
        path.unlink()
    return written


def draw(kind: Kind, material: Material) -> tuple[Figure, str, str] | None:
    """Draw one figure; return it, its heading and caption, None where it lacks material."""
    figure = new_figure()
    caption = kind.draw(figure, material)
    if caption is None:
        return None
    heading = kind.heading.format(response=material.measure.response.title)
    heading = f"{heading[:1].upper()}{heading[1:]}"
    say(figure, f"{heading} · {dataset_title(material.dataset)}", caption)
    return figure, heading, "; ".join(caption.splitlines())


def paint(figure: Figure, svg: Path, png: Path) -> None:
    """Write both files of a figure, which is used up by that.

    `Figure.savefig` draws everything twice; the canvases draw once each. The layout is settled in
    the first, so that both files show the same picture.
    """
    head = head_points(figure)
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
