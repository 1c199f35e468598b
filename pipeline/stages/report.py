"""Stage `report`: answers, figures and the page, from what is stored; trains nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from experiments.design.plan import study_cells
from pipeline.champion.sample_images import read_pictures
from pipeline.champion.saved_network import CARD, load_champion
from pipeline.results.figures.gallery import draw_figures
from pipeline.results.figures.material import Exhibits
from pipeline.results.report.report import write_report
from pipeline.results.study_results import load_results
from pipeline.results.tables.answers import write_answers
from pipeline.study.project import Project
from pipeline.study.store.run_tables import ENVIRONMENT


def measured_on(runs: pd.DataFrame) -> dict[str, str]:
    """Return what the runs were made on; several machines are named beside each other."""
    known = [name for name in ENVIRONMENT if name in runs]
    return {name: ", ".join(sorted(set(runs[name].astype(str)))) for name in known}


def exhibits(folder: Path) -> Exhibits:
    """Return what a champion's folder has to show; nothing when it holds no champion."""
    if not (folder / CARD).exists():
        return Exhibits()
    champion = load_champion(folder)
    return Exhibits(
        read_pictures(folder), champion.first_layer, champion.card.cell, champion.card.run_key
    )


def run(project: Project) -> Path:
    """Write results/*.csv|md|tex|json, reports/figures and reports/index.html; return the page."""
    study = project.study
    planned = (len(study_cells(study)) + 1) * study.replicates
    results = load_results(project.results(), study, planned=dict.fromkeys(study.datasets, planned))
    results = replace(results, environment=measured_on(results.runs))
    tables = write_answers(results, project.results())
    shown = {name: exhibits(project.results(name) / "champion") for name in results.measured}
    figures = draw_figures(results, tables, project.reports / "figures", shown)
    return write_report(results, tables, figures, project.reports)
