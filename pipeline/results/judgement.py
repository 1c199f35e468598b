"""The analysis under a study's own settings: the one place that hands them on.

Responses, margins and level are named in params.yaml; every table, stage and figure judges by the
same ones because it asks here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from experiments import analysis
from experiments.design.study import Study


def blocks(study: Study, column: str = "") -> dict[str, Any]:
    """Return what every analysis is told: the response's column, the primary one's by default."""
    return {"response": column or study.response, "looks": study.looks}


def measured(study: Study, column: str = "") -> dict[str, Any]:
    """Return `blocks` with the response itself."""
    return {**blocks(study, column), "measure": study.responses[column or study.response]}


def tested(study: Study) -> dict[str, Any]:
    """Return `measured` of the primary response with what its tests are held to."""
    margins = {name: study.margin(name) for name in study.datasets}
    return {**measured(study), "margins": margins, "alpha": study.alpha}


def open_comparisons(study: Study, runs: pd.DataFrame) -> pd.DataFrame:
    """Return `analysis.open_comparisons`: what the next look is about."""
    return analysis.open_comparisons(
        runs, study.factors, contrasts=study.contrasts, **tested(study)
    )


def cells(study: Study, runs: pd.DataFrame, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return `analysis.cell_comparison`."""
    return analysis.cell_comparison(runs, study.factors, rng=rng, **tested(study))


def best_run(study: Study, runs: pd.DataFrame) -> str | None:
    """Return `analysis.best_run` of one dataset's runs."""
    return analysis.best_run(runs, study.factors, **measured(study))
