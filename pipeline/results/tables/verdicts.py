"""The component answers as data: figures, the sentence, and the runs they rest on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from experiments.analysis import component_run_keys
from pipeline.results.answer import answer
from pipeline.results.findings import finding
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import Tables


def verdicts(results: StudyResults, tables: Tables) -> dict[str, Any]:
    """Return everything that `verdicts.json` holds.

    Returns
    -------
    dict
        `study`, `question`, `response`, `alpha`, `answer` (five sentences), `components` (a row of
        the effects table each, with `sentence`, `conditioned_on` and `run_keys`) and `placebo`.
        Numbers that are not known are null.
    """
    effects, cells = tables["effects"], tables["cells"]
    components: list[dict[str, Any]] = []
    if len(effects):
        runs = results.runs[results.runs["dataset"].isin(results.measured)]
        keys = component_run_keys(runs, results.factors, effects, response=results.primary)
        components = [_component(row, results, keys) for row in effects.to_dict("records")]
    placebo = cells[cells["arm"] == "placebo"] if len(cells) else cells
    return {
        "study": results.name,
        "question": results.question,
        "response": results.primary,
        "alpha": results.alpha,
        "answer": answer(results, tables),
        "components": components,
        "placebo": [{k: plain(v) for k, v in row.items()} for row in placebo.to_dict("records")],
    }


def _component(
    row: Mapping[Any, Any],
    results: StudyResults,
    keys: Mapping[tuple[str, str, str, str], list[str]],
) -> dict[str, Any]:
    dataset, component = str(row["dataset"]), str(row["component"])
    return {
        **{str(name): plain(value) for name, value in row.items()},
        "sentence": finding(row, results),
        "conditioned_on": conditions(results, dataset, component),
        "run_keys": keys.get((dataset, component, row["level"], row["null_level"]), []),
    }


def conditions(results: StudyResults, dataset: str, component: str) -> dict[str, Any]:
    """Return what a component's effect was averaged over and what was held fixed."""
    varied = {f.name: list(f.labels) for f in results.factors if f.name != component}
    fixed = dict(results.protocol.get("recipe", {}).get(dataset, {}))
    for factor in results.factors:
        fixed.pop(factor.name, None)
    return {"averaged_over": varied, "held_fixed": fixed}


def plain(value: Any) -> Any:
    """Return a value that JSON has: NaN and infinities become None, NumPy scalars Python's."""
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
