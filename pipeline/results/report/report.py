"""Write the page: the template filled with the study's sections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import jinja2
import markupsafe

from pipeline import atomic
from pipeline.results.answer import answer, sureness
from pipeline.results.figures.gallery import TRACES, FigureFile
from pipeline.results.figures.style import PALETTE
from pipeline.results.report.method import method, replicates
from pipeline.results.report.overview import caveats, matrix
from pipeline.results.report.panel import panel
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import Tables
from pipeline.results.tables.shown_tables import shown_tables
from pipeline.results.tables.verdict_file import verdicts
from pipeline.results.text.glossary import GLOSSARY
from pipeline.results.text.titles import dataset_title

_CODE = re.compile(r"`([^`]*)`")
_HERE = Path(__file__).parent
# The longest first: one may stand within another.
_TERMS = re.compile(
    r"(?<!\w)(" + "|".join(map(re.escape, sorted(GLOSSARY, key=len, reverse=True))) + r")(?!\w)"
)

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
    results: StudyResults, tables: Tables, figures: Sequence[FigureFile], out: Path
) -> Path:
    """Write `index.html`: one file that needs no network and no other file.

    Parameters
    ----------
    results, tables
        The study, and its tables from `analyse`.
    figures : sequence of FigureFile
        From `draw_figures`; their drawings are put into the page.
    out : Path
        The reports folder.

    Returns
    -------
    Path
        The file. The same inputs give the same bytes.
    """
    findings, shown = verdicts(results, tables)["components"], shown_tables(results, tables)
    content = {
        "study": results.study.name,
        "question": results.study.question,
        "note": results.study.note,
        "facts": facts(results, tables),
        "answer": sureness(results, tables) if results.measured else answer(results, tables),
        "step": results.measure.step.strip(),
        "caveats": caveats(results, tables),
        "measured": results.measured,
        "matrix": matrix(results, tables) if results.measured else [],
        "panels": [
            panel(results, tables, shown, findings, figures, name) for name in results.measured
        ],
        "method": method(results, tables),
        "runs": tables["counts"].to_dict("records"),
        "unavailable": results.unavailable,
        "environment": environment_rows(results),
        "glossary": GLOSSARY,
        "traces": TRACES,
        "palette": PALETTE,
        "style": (_HERE / "report.css").read_text(encoding="utf-8"),
        "script": (_HERE / "report.js").read_text(encoding="utf-8"),
    }
    path = out / "index.html"
    atomic.write_text(path, _template().render(content))
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


def _template() -> jinja2.Template:
    # Every value is escaped: names of cells and levels are the user's.
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE, encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"code": _code, "explained": _explained, "term": _term}
    environment.filters["titled"] = dataset_title
    return environment.get_template("report.html.j2")


def _code(text: str) -> markupsafe.Markup:
    """Escape a sentence and set what stands between backticks as code."""
    code = markupsafe.Markup("<code>{}</code>")
    return markupsafe.Markup("").join(
        code.format(piece) if i % 2 else piece for i, piece in enumerate(_CODE.split(text))
    )


def _term(text: str, term: str) -> markupsafe.Markup:
    """Return a text that shows what a term means; the text alone without a term."""
    if not term:
        return markupsafe.escape(text)
    return markupsafe.Markup('<abbr title="{}">{}</abbr>').format(GLOSSARY[term], text)


def _explained(text: str) -> markupsafe.Markup:
    """Escape a text, numbers kept together, and explain each term of the glossary once."""
    for mark in (" ± ", " %", " pp", "n = "):
        text = text.replace(mark, mark.replace(" ", "\u00a0"))
    seen: set[str] = set()
    parts = []
    for i, piece in enumerate(_TERMS.split(text)):
        # Every second piece is a term; the shortest would catch the eye too often.
        new = i % 2 and piece not in seen and len(piece) > 2
        parts.append(_term(piece, piece) if new else markupsafe.escape(piece))
        seen |= {piece} if i % 2 else set()
    return markupsafe.Markup("").join(parts)
