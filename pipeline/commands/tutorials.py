"""`knockout tutorials [NAME …]`: run the networks of the tutorials and print what each row is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.paired import paired_t
from experiments.errors import StudyError, closest
from experiments.run.result import RunResult
from pipeline import atomic
from pipeline.results.text.rounding import decimals, seconds
from pipeline.stages import data_stage, train_stage
from pipeline.study.dataset_card import read_card
from pipeline.study.project import STUDIES, Project, declared_studies, open_project
from pipeline.study.store.table_file import read_table

_PREFIX = "tutorial_"


def tutorial_lines(root: Path, names: Sequence[str]) -> Iterator[str]:
    """Run tutorials and yield their tables line by line; what is stored is not trained again.

    Each table is also kept as `results/tutorials/<study>.csv`.

    Parameters
    ----------
    root : Path
        The project.
    names : sequence of str
        Such as 002, for all studies of that tutorial, or tutorial_002_ladder; all when empty.

    Raises
    ------
    StudyError
        If a name is no tutorial's, or the project has none.
    """
    for study in _chosen(declared_studies(root), names):
        project = open_project(root, study)
        tables = []
        for dataset in project.study.datasets:
            data_stage.run(project, dataset)
            card = read_card(project.results(dataset) / "dataset.json")
            if not card.usable:
                yield f"{study}: {dataset} is unavailable. Run `knockout tutorials {study}` again."
                continue
            train_stage.run(project, dataset)
            tables.append(ladder(project, dataset))
        if tables:
            table = pd.concat(tables, ignore_index=True)
            path = root / "results" / "tutorials" / f"{study}.csv"
            atomic.write_text(path, table.to_csv(index=False, float_format="%.6g"))
            yield f"{study}: {project.study.question}"
            yield from _shown(table)


def ladder(project: Project, dataset: str) -> pd.DataFrame:
    """Return one row per cell of a study that was run, in the order of the design.

    Returns
    -------
    DataFrame
        `dataset, row, n` (finished runs), `n_diverged, n_test`; `accuracy_pct` with the ends of its
        95 % t interval; `n_solved` (runs that answered every test example rightly); `fit_cpu_s`,
        mean CPU seconds. A number is answered rightly when it rounds to the true one.
    """
    runs = read_table(project.results(dataset) / "runs.parquet")
    rows = []
    for cell, part in runs[runs["arm"] == "cell"].groupby("cell", sort=False):
        stored = (project.store.get(key) for key in part["run_key"][part["status"] == "ok"])
        shares = np.array([_right(result) for result in stored if result is not None])
        mean = paired_t(100 * shares)
        rows.append(
            {
                "dataset": dataset,
                "row": cell,
                "n": mean.n,
                "n_diverged": int((part["status"] == "diverged").sum()),
                "n_test": part["n_test"].max(),
                "accuracy_pct": mean.mean,
                "ci_low_pct": mean.ci_low,
                "ci_high_pct": mean.ci_high,
                "n_solved": int((shares == 1).sum()),
                "fit_cpu_s": part["fit_cpu_s"].mean(),
            }
        )
    return pd.DataFrame(rows)


def _right(result: RunResult) -> float:
    return float(np.mean(np.round(result.predictions) == result.labels))


def _chosen(studies: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the studies that the names stand for, each once."""
    known = [study for study in studies if study.startswith(_PREFIX)]
    if not known:
        raise StudyError(
            f"`tutorials` must run where {STUDIES}/{_PREFIX}*.yaml lie; this folder has none. "
            "Run it in a checkout of Knockout."
        )
    chosen: dict[str, None] = {}
    for name in names:
        whole = name if name.startswith(_PREFIX) else _PREFIX + name
        found = [s for s in known if s == whole or (s.startswith(f"{whole}_") and whole != name)]
        if not found:
            raise StudyError(f"`tutorials` must name a tutorial; got {name!r}. "
                             f"{closest(whole, known)}")  # fmt: skip
        chosen |= dict.fromkeys(found)
    return list(chosen) if names else known


def _accuracy(row: Mapping[Any, Any]) -> str:
    if not row["n"]:
        return "none finished"
    low, high = row["ci_low_pct"], row["ci_high_pct"]
    places = decimals(low, high)
    text = f"{row['accuracy_pct']:.{places}f}"
    return f"{text} [{low:.{places}f}, {high:.{places}f}] %" if np.isfinite(low) else f"{text} %"


def _shown(table: pd.DataFrame) -> Iterator[str]:
    rows = table.to_dict("records")
    several = len({row["dataset"] for row in rows}) > 1
    names = [f"{row['dataset']} {row['row']}" if several else str(row["row"]) for row in rows]
    width = max(map(len, names))
    for name, row in zip(names, rows, strict=True):
        time = seconds(row["fit_cpu_s"])
        line = f"{name:<{width}}  {_accuracy(row):>24}  n={row['n']}  {time:>8} CPU"
        if row["n_solved"]:
            line += f"  all right in {row['n_solved']} of {row['n']}"
        if row["n_diverged"]:
            line += f"  {row['n_diverged']} diverged"
        yield f"  {line}"
