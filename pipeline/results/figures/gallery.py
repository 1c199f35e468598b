"""Draw every figure that a study's results allow, and write it as SVG and PNG."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from pipeline import atomic
from pipeline.results.figures.catalogue import CATALOGUE
from pipeline.results.figures.kind import Kind
from pipeline.results.figures.material import Exhibits, Material
from pipeline.results.figures.style import SETTINGS, new_axes, said
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import Tables

# Beside the figures, not among them: DVC would take it for a plot.
TRACES = "figure_runs.json"


@dataclass(frozen=True)
class FigureFile:
    """A written figure.

    Attributes
    ----------
    kind : Kind
        What it shows.
    dataset : str
        Of which dataset.
    alt : str
        Title and caption as drawn, for those who cannot see it.
    svg, png : Path
        The files.
    """

    kind: Kind
    dataset: str
    alt: str
    svg: Path
    png: Path


def draw_figures(
    results: StudyResults,
    tables: Tables,
    out: Path,
    exhibits: Mapping[str, Exhibits] | None = None,
) -> list[FigureFile]:
    """Draw the figures of every measured dataset.

    Parameters
    ----------
    results : StudyResults
        What the study's stages left.
    tables : dict
        From `write_answers`.
    out : Path
        Folder for `<kind>_<dataset>.svg` and `.png`; figures there that are no longer drawn are
        deleted. `figure_runs.json` beside it names the runs that each rests on.
    exhibits : mapping, optional
        Images and weights per dataset; the figures that need them are left out without.

    Returns
    -------
    list of FigureFile
        In the catalogue's order, then the study's order of datasets. The same inputs give the
        same bytes.
    """
    written: list[FigureFile] = []
    traces: dict[str, dict[str, Any]] = {"figures": {}, "runs": {}}
    materials = {
        name: Material(results, tables, name, (exhibits or {}).get(name, Exhibits()))
        for name in results.measured
    }
    with mpl.rc_context(cast(Any, SETTINGS)):
        for kind in CATALOGUE:
            for dataset, material in materials.items():
                axes = _draw(kind, material)
                if axes is not None:
                    written.append(_write(kind, dataset, axes, out))
                    name = f"{dataset}: {kind.rests_on}"
                    traces["figures"][written[-1].svg.stem] = name
                    if name not in traces["runs"]:
                        traces["runs"][name] = material.run_keys(kind.rests_on)
    atomic.write_text(out.parent / TRACES, json.dumps(traces, indent=1, ensure_ascii=False) + "\n")
    keep = {path for figure in written for path in (figure.svg, figure.png)}
    for path in _figures_in(out):
        if path not in keep:
            path.unlink()
    return written


def _draw(kind: Kind, material: Material) -> Axes | None:
    if not kind.possible(material):
        return None
    width, height = kind.size(material)
    return kind.draw(new_axes(width, height), material)


def _write(kind: Kind, dataset: str, axes: Axes, out: Path) -> FigureFile:
    figure = cast(Figure, axes.figure)
    stem = f"{kind.name}_{dataset}"
    svg, png = out / f"{stem}.svg", out / f"{stem}.png"
    picture, drawing = BytesIO(), BytesIO()
    # Figure.savefig draws everything twice; the canvases draw once each. The layout is settled
    # in the first, so that both files show the same picture.
    figure.set_dpi(SETTINGS["savefig.dpi"])
    FigureCanvasAgg(figure).print_png(picture, metadata={"Software": None})
    figure.set_layout_engine("none")
    FigureCanvasSVG(figure).print_svg(drawing, metadata={"Date": None, "Creator": None})
    atomic.write_bytes(png, picture.getvalue())
    atomic.write_bytes(svg, drawing.getvalue())
    return FigureFile(kind, dataset, said(axes), svg, png)


def _figures_in(out: Path) -> Iterator[Path]:
    for kind in CATALOGUE:
        for suffix in ("svg", "png"):
            yield from sorted(out.glob(f"{kind.name}_*.{suffix}"))
