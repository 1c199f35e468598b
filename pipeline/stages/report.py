"""Stage `report`: answers, figures and the page, from what is stored; trains nothing."""

from __future__ import annotations

from pathlib import Path

from experiments.design.plan import study_cells
from experiments.errors import StudyError
from pipeline.champion.sample_images import read_pictures
from pipeline.champion.saved_network import CARD, load_champion
from pipeline.results.figures.gallery import draw_figures
from pipeline.results.figures.material import Exhibits
from pipeline.results.report.report import write_report
from pipeline.results.study_results import load_results
from pipeline.results.tables.analyse import analyse
from pipeline.results.tables.answers import write_answers
from pipeline.study.project import Project


def exhibits(folder: Path) -> Exhibits:
    """Return what a champion's folder has to show; nothing when it holds no champion."""
    if not (folder / CARD).exists():
        return Exhibits()
    champion = load_champion(folder)
    return Exhibits(
        read_pictures(folder), champion.first_layer, champion.card.cell, champion.card.run_key
    )


def run(project: Project) -> Path:
    """Write results/*.csv|md|tex|json, reports/figures and reports/index.html; return the page.

    Raises
    ------
    StudyError
        If no run table is stored: what is there is left as it is.
    """
    study = project.study
    if not any((project.results(name) / "runs.parquet").exists() for name in study.datasets):
        raise StudyError(
            f"`{project.command('report')}` needs a stored run table, and "
            f"{project.results().relative_to(project.root)} has none. Run `dvc pull` to get the "
            "runs, or `dvc repro` to train them; nothing was changed."
        )
    planned = (len(study_cells(study)) + 1) * study.replicates
    results = load_results(project.results(), study, dict.fromkeys(study.datasets, planned))
    tables = analyse(results)
    write_answers(results, tables, project.results())
    shown = {name: exhibits(project.results(name) / "champion") for name in results.measured}
    figures = draw_figures(results, tables, project.reports / "figures", shown)
    return write_report(results, tables, figures, project.reports)
