"""Stage `track`: make MLflow hold exactly what plan and store hold."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from experiments.analysis import cell_comparison
from pipeline.plans import cards, planned
from pipeline.project import Project
from pipeline.run_table import Pair
from pipeline.tracking import connect, remove_other_datasets, sync
from pipeline.training import finished


def stored_pairs(project: Project, dataset: str) -> list[Pair]:
    """Return the planned runs of a dataset that the store holds, in the plan's order."""
    specs = planned(project, dataset)
    results = finished(project, specs)
    return [(spec, results[spec.run_key]) for spec in specs if spec.run_key in results]


def comparison(project: Project, dataset: str) -> pd.DataFrame:
    """Return the comparison table of one dataset's run table."""
    study = project.study
    return cell_comparison(
        pd.read_parquet(project.results(dataset) / "runs.parquet"),
        study.factors,
        margins={dataset: study.margin(dataset)},
        rng=np.random.default_rng(study.seed),
        response=study.response,
        alpha=study.alpha,
    )


def run(project: Project, datasets: list[str] | None = None) -> bool:
    """Mirror the study into MLflow; say what could not be mirrored and return whether all was."""
    ready = [card.name for card in cards(project) if card.usable]
    chosen = [
        name
        for name in ready
        if (datasets is None or name in datasets)
        and (project.results(name) / "runs.parquet").exists()
    ]
    connection = connect(project.root)
    complete = True
    for name in chosen:
        report = sync(
            connection, project.study.name, stored_pairs(project, name), comparison(project, name)
        )
        print(f"{name}: {report}")
        for problem in report.failed:
            complete = False
            print(
                f"MLflow tracking: {problem}. Nothing is lost: `knockout sync` tries again.",
                file=sys.stderr,
            )
    if datasets is None:
        remove_other_datasets(connection, project.study.name, project.study.datasets)
    return complete
