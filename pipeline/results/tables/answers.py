"""Write the answers: comparison, with / without, effects, curves, verdicts, DVC's metrics."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analysis import best_cell
from experiments.analysis.ledger import binned
from experiments.analysis.time_to_target import CELL_COLUMNS, COMPONENT_COLUMNS
from pipeline import atomic
from pipeline.results.answer import pair_sentences
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.sureness import notes
from pipeline.results.tables import comparison_table, component_tables
from pipeline.results.tables.shown import Shown, to_csv, to_latex, to_markdown
from pipeline.results.text.markup import escape_markdown

CURVES = ["dataset", "cell", "epoch", "val_accuracy", "val_loss", "train_loss", "n"]
RATES = ["dataset", "arm", "learning_rate", "value", "chosen"]


def write_answers(
    results: StudyResults, tables: Tables, found: Mapping[str, Any], out: Path
) -> None:
    """Write a study's tables, and what `verdicts` found in them, into the results folder."""
    cells, response = comparison_table.comparison(results, tables), results.measure.response.name
    data = {
        "comparison": _called(cells.rows, response),
        "comparison_long": comparison_table.long(cells.rows, results),
        "with_without": _called(tables["with_without"], response),
        "secondary": _called(tables["secondary"], "response"),
        **{name: tables[name] for name in ("effects", "interactions", "variance", "ranks")},
        "time_to_target": time_table(tables["cell_times"], tables["component_times"]),
        "learning_curves": learning_curves(results),
        # Means of the trials over parts of their range; those that diverged are in none.
        "learning_rates": binned(results.tuning, "learning_rate")[RATES],
    }
    sides, *further = (show(results, tables) for show in component_tables.TABLES)
    below = "".join(f"\n## {t.heading}\n\n{_table(t)}" for t in further if len(t.rows))
    if len(tables["effects"]):
        lines = pair_sentences(tables["interactions"], results.measure)
        below += "\n## Pairs of components\n\n"
        below += "".join(f"- {escape_markdown(line)}\n" for line in lines)
    lines = [f"- {escape_markdown(note)}\n" for note in notes(results, tables["counts"])]
    head = f"\n\n{escape_markdown(results.study.question)}\n\n{''.join(lines)}\n"
    files = {
        **{f"{name}.csv": to_csv(table) for name, table in data.items()},
        "comparison.md": f"# Comparison{head}{_table(cells)}",
        "comparison.tex": to_latex(cells.texts, caption=cells.about, numeric=cells.numeric),
        "with_without.md": f"# {sides.heading}{head}{_table(sides)}{below}",
        "verdicts.json": _json(found),
        "metrics.json": _json(metrics(results, tables)),
    }
    for name, text in files.items():
        atomic.write_text(out / name, text)


def _called(table: pd.DataFrame, response: str) -> pd.DataFrame:
    """Return a table whose means are called after the response that they are of."""
    names = ("mean_accuracy", "sd_accuracy", "accuracy_with", "accuracy_without")
    return table.rename(columns={name: name.replace("accuracy", response) for name in names})


def _json(content: Any) -> str:
    return json.dumps(content, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def _table(shown: Shown) -> str:
    body = to_markdown(shown.texts, numeric=shown.numeric)
    body = body if len(shown.rows) else "No run has finished yet.\n"
    return f"{body}\n{escape_markdown(shown.about)}\n"


def time_table(cell_times: pd.DataFrame, component_times: pd.DataFrame) -> pd.DataFrame:
    """Put the times to target of cells and components in one table, for `time_to_target.csv`.

    One row per group of runs: a cell (`scope` "cell"), or all runs with a component's level or
    their partners without it (`scope` "component", `side` "with" or "without"); the difference
    stands beside "with". Infinite: fewer than half reached the target.
    """
    group = ["dataset", "scope", "cell", "arm", "component", "level", "null_level", "side"]
    summary = [name for name in CELL_COLUMNS if name not in (*group, "share_reached")]
    difference = COMPONENT_COLUMNS[COMPONENT_COLUMNS.index("n_blocks") :]
    with_it, without = (
        component_times.rename(columns={f"{name}_{side}": name for name in summary}).assign(
            scope="component", side=side
        )
        for side in ("with", "without")
    )
    alone = without.drop(columns=list(difference))
    paired = pd.concat([with_it, alone]).sort_index(kind="stable")
    rows = [*cell_times.assign(scope="cell").to_dict("records"), *paired.to_dict("records")]
    columns = [*group, *summary, *difference]
    return pd.DataFrame(rows, columns=columns).astype({"n_blocks": "Int64"})


def learning_curves(results: StudyResults) -> pd.DataFrame:
    """Average the learning curves of the baseline and of each cell one switch away from it.

    A design that has fewer than two such cells shows all of its own. Only runs with status ok
    enter; a run that stopped early keeps out of the epochs it did not reach, so that `n` may
    fall.
    """
    runs = results.runs[(results.runs["arm"] == "cell") & (results.runs["status"] == "ok")]
    switched = sum((runs[f.name].astype(str) != f.null).astype(int) for f in results.study.factors)
    near = runs[switched <= 1]
    shown = near if near["cell"].nunique() > 2 else runs
    rows = results.history.merge(shown[["run_key", "dataset", "cell"]], on="run_key")
    groups = rows.groupby(["dataset", "cell", "epoch"], sort=True)
    means = groups[["val_accuracy", "val_loss", "train_loss"]].mean()
    return means.assign(n=groups.size()).reset_index()[CURVES]


def metrics(results: StudyResults, tables: Tables) -> dict[str, dict[str, float]]:
    """Return a flat mapping of numbers per dataset for `dvc metrics`, the unknown ones left out.

    `best_<response>` is the mean of the cell that validation data chose, `baseline_<response>`
    the baseline's, of the primary response and every secondary one (`best_test_accuracy`);
    `effect_pp_<component>` are the main effects in the response's unit; `placebo_pp` should be
    near zero.
    """
    counts = tables["counts"].set_index("dataset")[["ok", "diverged", "failed", "missing"]]
    out: dict[str, dict[str, float]] = {}
    for dataset in results.cards:
        ok, diverged, failed, missing = map(int, counts.loc[dataset])
        numbers = _cells(tables["cells"], dataset, results) | _effects(tables, results, dataset)
        rounded = {k: round(float(v), 6) for k, v in numbers.items() if math.isfinite(v)}
        runs = {"runs_ok": ok, "runs_diverged": diverged, "runs_lost": failed + missing}
        out[dataset] = {**rounded, **runs}
    return out


def _cells(cells: pd.DataFrame, dataset: str, results: StudyResults) -> dict[str, float]:
    rows, primary = cells[cells["dataset"] == dataset], results.measure
    real, placebo = rows[rows["arm"] == "cell"], rows[rows["arm"] == "placebo"]
    best = real[real["cell"] == best_cell(real, sign=primary.response.sign)]
    base = real[real["is_baseline"].eq(True)]
    shown = {
        f"{word}_{name}": part[column]
        for columns in ({primary.column: "mean_accuracy"}, {c: c for c in results.study.secondary})
        for word, part in (("best", best), ("baseline", base))
        for name, column in columns.items()
    }
    shown |= {"baseline_fit_cpu_s": base["fit_cpu_s"], "placebo_pp": placebo["difference_pp"]}
    return {name: float(values.iloc[0]) for name, values in shown.items() if len(values)}


def _effects(tables: Tables, results: StudyResults, dataset: str) -> dict[str, float]:
    effects, baseline = tables["effects"], results.study.baseline
    many = effects.groupby("component")["level"].nunique()
    found = {}
    for row in effects[effects["dataset"] == dataset].to_dict("records"):
        component, level, against = (str(row[c]) for c in ("component", "level", "null_level"))
        name = level if many[component] > 1 else component
        if against != baseline[component]:
            name = f"{level}_vs_{against}"
        found[f"effect_pp_{name}"] = row["effect_pp"]
    return found
