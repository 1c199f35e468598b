"""Stage `report`: answers, figures and the page, from what is stored; trains nothing."""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from pipeline.champion.sample_images import read_pictures
from pipeline.champion.saved_network import CARD, load_champion
from pipeline.results.figures.gallery import draw_figures
from pipeline.results.figures.material import Exhibits
from pipeline.results.findings import verdicts
from pipeline.results.report.report import write_report
from pipeline.results.tables.analyse import analyse, load_results
from pipeline.results.tables.answers import write_answers
from pipeline.stages.stored_stage import check_runs
from pipeline.study.plans import blocks
from pipeline.study.project import Project
from pipeline.study.running.failed_runs import FailedRunsError


def exhibits(folder: Path) -> Exhibits:
    """Return what a champion's folder has to show; nothing when it holds no champion."""
    if not (folder / CARD).exists():
        return Exhibits()
    champion = load_champion(folder)
    return Exhibits(
        read_pictures(folder), champion.first_layer, champion.card.cell, champion.card.run_key
    )


def run(project: Project, *, bar: AbstractContextManager[None] | None = None) -> Path:
    """Write results/*.csv|md|tex|json, reports/figures and reports/index.html; return the page.

    What the stages left is read, nothing else. The bar is entered once there is something to draw.

    Raises
    ------
    StudyError
        If there is no run to draw from; what was drawn before stays as it is.
    FailedRunsError
        If a run failed; the report is drawn nevertheless, and says so.
    """
    check_runs(project)
    study = project.study
    planned = {name: sum(blocks(project, name).values()) for name in study.datasets}
    results = load_results(project.results(), study, planned)
    with bar or nullcontext():
        tables = analyse(results)
        found = verdicts(results, tables)
        write_answers(results, tables, found, project.results())
        shown = {name: exhibits(project.results(name) / "champion") for name in results.measured}
        figures = draw_figures(results, tables, project.reports / "figures", shown)
        page = write_report(results, tables, found, figures, project.reports)
    failed = results.runs[results.runs["status"] == "failed"]
    if len(failed):
        reason, count = Counter(failed["reason"]).most_common(1)[0]
        raise FailedRunsError(
            f"{len(failed)} of {len(results.runs)} runs of the study failed; {count} of them: "
            f"{reason}. The report leaves them out. `{project.command('run')}` tries them again."
        )
    return page
