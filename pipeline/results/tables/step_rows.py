"""A dataset's step costs as figures and sentences want them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.design.step_arms import TOGETHER
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.costs import step_ratios, summed
from pipeline.results.text.titles import component_title

_KINDS = ("component", "together", "control")


def step_rows(results: StudyResults, dataset: str) -> pd.DataFrame:
    """Return a dataset's rows of the step costs, the controls last.

    Returns
    -------
    DataFrame
        With `title`, `kind` ("component", "together" or "control"), `disturbed`, `covers`: not a
        control that misses 1, and `sum_ratio`: for all components together, what they would cost
        by what each adds alone. Empty when nothing was measured.
    """
    costs = results.step_cost
    rows = costs[costs["dataset"] == dataset]
    named = [_named(results, row["component"], row["level"]) for row in rows.to_dict("records")]
    known, kinds = step_ratios(results), np.array([kind for kind, _ in named])
    together = summed(known, dataset, [(f.name, f.alternative) for f in results.study.factors])
    rows = rows.assign(
        title=[title for _, title in named],
        kind=kinds,
        sum_ratio=np.where(kinds == "together", together, np.nan),
        disturbed=rows["disturbed"].eq(True),
        covers=(kinds != "control") | ((rows["ci_low"] <= 1) & (rows["ci_high"] >= 1)),
    )
    return rows.sort_values("kind", key=lambda kind: kind.map(_KINDS.index), kind="stable")


def _named(results: StudyResults, component: str, level: str) -> tuple[str, str]:
    factors = {factor.name: factor for factor in results.study.factors}
    if component in factors:
        return "component", component_title(factors[component], level)
    return ("together", component) if component == TOGETHER else ("control", "A/A control")
