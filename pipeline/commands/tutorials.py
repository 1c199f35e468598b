"""`knockout tutorials [NAME …]`: run the networks of the tutorials and print what each row is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.analysis.paired import paired_t
from experiments.errors import StudyError, closest
from pipeline import atomic
from pipeline.results.text.rounding import decimals, seconds
from pipeline.stages import data_stage, train_stage
from pipeline.study.dataset_card import read_card
from pipeline.study.project import STUDIES, Project, declared_studies, open_project
from pipeline.study.store.table_file import read_table

_PREFIX = "tutorial_"


def tutorial_lines(root: Path, names: Sequence[str]) -> Iterator[str]:
    """Run tutorials and yield their tables line by line; what is stored is not trained again.

    Names are such as 002, for all studies of that tutorial, or tutorial_002_ladder; none stand for
    all. Each table is also kept as `results/tutorials/<study>.csv`.
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
            tables.append(_rows(project, dataset))
        if tables:
            table = pd.concat(tables, ignore_index=True)
            path = root / "results" / "tutorials" / f"{study}.csv"
            atomic.write_text(path, table.to_csv(index=False, float_format="%.6g"))
            yield f"{study}: {project.study.question}"
            yield from _shown(table)


def _rows(project: Project, dataset: str) -> pd.DataFrame:
    """Return one row per cell of a study that was run, in the order of the design.

    `dataset, row, n` (finished runs), `n_diverged, n_test`; `accuracy_pct` with the ends of its
    95 % t interval; `n_solved` (runs that answered every test example rightly); `fit_cpu_s`, mean
    CPU seconds. A number is answered rightly when it rounds to the true one.
    """
    runs = read_table(project.results(dataset) / "runs.parquet")
    rows = []
    for cell, part in runs[runs["arm"] == "cell"].groupby("cell", sort=False):
        stored = map(project.store.get, part["run_key"][part["status"] == "ok"])
        right = [np.mean(np.round(run.predictions) == run.labels) for run in stored if run]
        shares = np.array(right)
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


def _chosen(studies: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the studies that the names stand for, each once."""
    known = [study for study in studies if study.startswith(_PREFIX)]
    if not known:
        raise StudyError(
            f"`tutorials` must run where {STUDIES}/{_PREFIX}*.yaml lie; this folder has none. "
            "Run it in a checkout of Knockout."
        )
    chosen = {} if names else dict.fromkeys(known)
    for name in names:
        whole = name if name.startswith(_PREFIX) else _PREFIX + name
        found = [s for s in known if s == whole or (s.startswith(f"{whole}_") and whole != name)]
        if not found:
            raise StudyError(
                f"`tutorials` must name a tutorial; got {name!r}. {closest(whole, known)}"
            )
        chosen |= dict.fromkeys(found)
    return list(chosen)


def _shown(table: pd.DataFrame) -> Iterator[str]:
    names = table["row"].astype(str)
    if len(set(table["dataset"])) > 1:
        names = table["dataset"] + " " + names
    width = max(map(len, names))
    for name, row in zip(names, table.to_dict("records"), strict=True):
        low, high = row["ci_low_pct"], row["ci_high_pct"]
        places = decimals(low, high)
        interval = f" [{low:.{places}f}, {high:.{places}f}]" if np.isfinite(low) else ""
        shown = f"{row['accuracy_pct']:.{places}f}{interval} %" if row["n"] else "none finished"
        line = f"{name:<{width}}  {shown:>24}  n={row['n']}  {seconds(row['fit_cpu_s']):>8} CPU"
        if row["n_solved"]:
            line += f"  all right in {row['n_solved']} of {row['n']}"
        if row["n_diverged"]:
            line += f"  {row['n_diverged']} diverged"
        yield f"  {line}"
