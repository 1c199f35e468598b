"""Write the page: the template filled with the study's sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline import atomic
from pipeline.results.figures.gallery import TRACES, FigureFile
from pipeline.results.figures.style import PALETTE
from pipeline.results.report.method import method, replicates
from pipeline.results.report.overview import caveats, matrix
from pipeline.results.report.panel import panels
from pipeline.results.report.template import HERE, rendered
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.text.glossary import GLOSSARY
from pipeline.results.text.titles import dataset_title

_ENVIRONMENT = {
    "python": "Python",
    "numpy": "NumPy",
    "blas": "BLAS",
    "blas_kernels": "BLAS kernels",
    "blas_threads": "BLAS threads per run",
    "cpu": "processor",
    "cores": "cores",
    "platform": "platform",
}


def write_report(
    results: StudyResults,
    tables: Tables,
    found: Mapping[str, Any],
    figures: Sequence[FigureFile],
    out: Path,
) -> Path:
    """Write `index.html` into the folder `out`: one file that needs no network and no other file.

    `tables` are from `analyse`, what was `found` in them from `verdicts`; `figures`, from
    `draw_figures`, are put into the page. The same inputs give the same bytes.
    """
    page = rendered(
        "report.html.j2",
        results=results,
        study=results.study,
        facts=facts(results, tables),
        answer=found["sureness" if results.measured else "answer"],
        caveats=caveats(results, tables),
        matrix=matrix(results, tables) if results.measured else [],
        panels=panels(results, tables, found["components"], figures),
        method=method(results, tables),
        runs=tables["counts"].to_dict("records"),
        environment=environment_rows(results),
        glossary=GLOSSARY,
        traces=TRACES,
        palette=PALETTE,
        style=(HERE / "report.css").read_text(encoding="utf-8"),
        script=(HERE / "report.js").read_text(encoding="utf-8"),
    )
    path = out / "index.html"
    atomic.write_text(path, page)
    return path


def facts(results: StudyResults, tables: Tables) -> list[tuple[str, str]]:
    """Return the few facts under the question."""
    counts, cells = tables["counts"], tables["cells"]
    n_cells = int((cells["arm"] == "cell").sum())
    measured = [dataset_title(name) for name in results.measured]
    return [
        ("datasets", ", ".join(measured) or "none yet"),
        ("runs finished", f"{counts['ok'].sum()} of {counts['planned'].sum()}"),
        ("replicates", replicates(results)),
        ("cells", f"{n_cells // max(len(measured), 1)} per dataset"),
        ("machine", results.environment.get("cpu") or "not recorded"),
    ]


def environment_rows(results: StudyResults) -> list[tuple[str, str]]:
    """Return versions and machine in words."""
    return [(_ENVIRONMENT[name], value) for name, value in results.environment.items()]
