"""The component answers as data: figures, the sentence, and the runs they rest on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from experiments import analysis
from pipeline.results import judgement
from pipeline.results.answer import answer, sureness
from pipeline.results.findings import finding
from pipeline.results.study_results import StudyResults, Tables


def verdicts(results: StudyResults, tables: Tables) -> dict[str, Any]:
    """Return everything that `verdicts.json` holds.

    Returns
    -------
    dict
        `study`, `question`, `response` (its column, with `response_title` and `unit` of
        differences), `secondary`, `alpha`, `answer` (sentences), `sureness` (its last ones:
        placebo and runs), `components` (a row of the effects table each, with `sentence`,
        `conditioned_on` and `run_keys`) and `placebo`. Numbers that are not known are null.
    """
    effects, cells = tables["effects"], tables["cells"]
    runs = results.runs[results.runs["dataset"].isin(results.measured)]
    keys = analysis.component_run_keys(
        runs, results.study.factors, effects, **judgement.blocks(results.study)
    )
    components = [_component(row, results, keys) for row in effects.to_dict("records")]
    placebo = cells[cells["arm"] == "placebo"].to_dict("records")
    return {
        "study": results.study.name,
        "question": results.study.question,
        "response": results.study.response,
        "response_title": results.measure.title,
        "unit": results.measure.response.difference_unit,
        "secondary": list(results.study.secondary),
        "alpha": results.study.alpha,
        "answer": answer(results, tables),
        "sureness": sureness(results, tables),
        "components": components,
        "placebo": [_plain_row(row) for row in placebo],
    }


def _component(
    row: Mapping[Any, Any],
    results: StudyResults,
    keys: Mapping[tuple[str, str, str, str], list[str]],
) -> dict[str, Any]:
    dataset, component = str(row["dataset"]), str(row["component"])
    return {
        **_plain_row(row),
        "sentence": finding(row, results),
        "conditioned_on": _conditions(results, dataset, component),
        "run_keys": keys[dataset, component, row["level"], row["null_level"]],
    }


def _conditions(results: StudyResults, dataset: str, component: str) -> dict[str, Any]:
    """Return what a component's effect was averaged over and what was held fixed."""
    varied = {f.name: list(f.labels) for f in results.study.factors if f.name != component}
    fixed = results.study.recipes[dataset].as_dict()
    for factor in results.study.factors:
        fixed.pop(factor.name, None)
    return {"averaged_over": varied, "held_fixed": fixed}


def _plain_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): plain(value) for name, value in row.items()}


def plain(value: Any) -> Any:
    """Return a value that JSON has: NaN and infinities become None, NumPy scalars Python's."""
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
