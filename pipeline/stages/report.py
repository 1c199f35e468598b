"""Stage `report`: answers, figures and the page, from what is stored; trains nothing."""

from __future__ import annotations

from pathlib import Path

from pipeline.project import Project


def run(project: Project) -> Path:
    """Write results/*.csv|md|tex|json, reports/figures and reports/index.html; return the page."""
    from pipeline.figures.draw import draw_figures
    from pipeline.report.page import write_report
    from pipeline.study_results import load_results
    from pipeline.tables.answers import write_answers

    results = load_results(project.root, project.study)
    tables = write_answers(results, project.results())
    figures = draw_figures(results, tables, project.root / "reports" / "figures")
    return write_report(results, tables, figures, project.root / "reports" / "index.html")
