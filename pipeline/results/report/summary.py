"""The report's facts around the answer: headline, run counts, datasets, environment."""

from __future__ import annotations

from typing import Any

from experiments.design.replicates import described
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import Tables
from pipeline.results.text.titles import dataset_title

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


def headline(results: StudyResults, tables: Tables) -> dict[str, Any]:
    """Return title, question and the few facts under them."""
    counts, cells = tables["counts"], tables["cells"]
    n_cells = int((cells["arm"] == "cell").sum())
    measured = [dataset_title(name) for name in results.measured]
    facts = [
        ("datasets", ", ".join(measured) or "none yet"),
        ("runs finished", f"{counts['ok'].sum()} of {counts['planned'].sum()}"),
        ("replicates", described(results.study.looks)),
        ("cells", f"{n_cells // max(len(measured), 1)} per dataset"),
        ("machine", results.environment.get("cpu") or "not recorded"),
    ]
    return {"study": results.study.name, "question": results.study.question, "facts": facts}


def environment_rows(results: StudyResults) -> list[tuple[str, str]]:
    """Return versions and machine in words."""
    return [(_ENVIRONMENT[name], value) for name, value in results.environment.items()]
