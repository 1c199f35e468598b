"""The five sentences that answer a study's question."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments.analysis import best_cell
from pipeline.results.findings import response_title
from pipeline.results.study_results import StudyResults
from pipeline.results.text.rounding import difference, percent, plus_minus, ratio, seconds
from pipeline.results.text.titles import dataset_title, levels_in_words

MOST_COSTLY = 2
ENDS = ("ci_low_pp", "ci_high_pp")


def answer(results: StudyResults, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the five sentences that answer the study's question.

    They say what helps, what hurts or does not matter, what it costs, what the best recipe is, and
    how sure this is: what stays open, the placebo, the runs. Without finished runs there is one
    sentence that says so.
    """
    effects, cells = tables["effects"], tables["cells"]
    if effects.empty:
        return ["No run of this study has finished, so that there is nothing to compare yet."]
    return [
        _helpful(effects, results),
        _not_helpful(effects, results),
        _costs(effects, results),
        _best(cells, results),
        _sure(effects, cells, tables["counts"]),
    ]


def _listed(effects: pd.DataFrame, *, amounts: bool = True) -> str:
    """Name rows by dataset, the largest first: "MNIST: L2 +0.41 ± 0.04 pp, …; digits: …"."""
    parts = []
    for dataset, rows in effects.groupby("dataset", sort=False):
        ordered = rows.assign(_size=-rows["effect_pp"].abs()).sort_values("_size", kind="stable")
        named = [
            f"{row['title']} {_amount(row)}" if amounts else str(row["title"])
            for row in ordered.to_dict("records")
        ]
        parts.append(f"{dataset_title(str(dataset))}: {', '.join(named)}")
    return "; ".join(parts)


def _amount(row: Mapping[Any, Any]) -> str:
    if "diverged" in str(row["verdict_reason"]):
        return "by divergence"
    return f"{plus_minus(row['effect_pp'], *(row[end] for end in ENDS))} pp"


def _basis(rows: pd.DataFrame, results: StudyResults) -> str:
    n = sorted({int(count) for count in rows["n"]})
    said = "–".join(map(str, dict.fromkeys((n[0], n[-1]))))
    return f"{100 * (1 - results.alpha):g} % intervals over n = {said} replicates"


def _helpful(effects: pd.DataFrame, results: StudyResults) -> str:
    rows = effects[effects["verdict"] == "helps"]
    if rows.empty:
        return f"What helps — no component was shown to raise {response_title(results.primary)}."
    return (
        f"What helps — {_listed(rows)} of {response_title(results.primary)}, with "
        f"{_basis(rows, results)}."
    )


def _not_helpful(effects: pd.DataFrame, results: StudyResults) -> str:
    hurts = effects[effects["verdict"] == "hurts"]
    same = effects[effects["verdict"] == "equivalent"]
    first = "What hurts — nothing was shown to"
    if len(hurts):
        first = f"What hurts — {_listed(hurts)}, with {_basis(hurts, results)}"
    if same.empty:
        return f"{first}; nothing was shown to change less than would matter."
    margins = sorted({results.margins[str(name)] for name in same["dataset"]})
    sizes = "/".join(f"{margin:g}" for margin in margins)
    return (
        f"{first}; shown to make no difference that matters (less than ±{sizes} pp) — "
        f"{_listed(same, amounts=False)}."
    )


def _costs(effects: pd.DataFrame, results: StudyResults) -> str:
    """Name the components that cost most, by the step where that was measured, else by the run."""
    what, columns = "a training step", ["step_ratio", "step_low", "step_high"]
    if effects["step_ratio"].isna().all():
        what, columns = "a run", ["time_ratio", "time_ratio_low", "time_ratio_high"]
    known = effects[effects[columns[0]].notna()]
    if known.empty:
        return "What it costs — runtime was not measured."
    parts = []
    for dataset, rows in known.groupby("dataset", sort=False):
        ordered = rows.sort_values(columns[0], ascending=False, kind="stable")
        dear, rest = ordered.iloc[:MOST_COSTLY], ordered.iloc[MOST_COSTLY:]
        named = [
            f"{title} {ratio(*values)}"
            for title, *values in dear[["title", *columns]].itertuples(index=False)
        ]
        if len(rest):
            named.append(f"the rest {ratio(rest[columns[0]].iloc[0])} or less")
        parts.append(f"{dataset_title(str(dataset))}: {', '.join(named)}")
    level = f"{100 * (1 - results.alpha):g} %"
    return (
        f"What it costs — in CPU time of {what}, {'; '.join(parts)} (with over without, {level} "
        "intervals)."
    )


def _best(cells: pd.DataFrame, results: StudyResults) -> str:
    parts, most = [], 0
    for dataset, rows in cells[cells["arm"] == "cell"].groupby("dataset", sort=False):
        name = best_cell(rows)
        if name is None:
            continue
        known = rows[rows["mean_accuracy"].notna()]
        most = max(most, len(known))
        best = known[known["cell"] == name].iloc[0]
        text = f"{dataset_title(str(dataset))}: {best['cell']}, {_accuracy(best)}"
        base = known[known["is_baseline"]]
        if len(base) and not best["is_baseline"]:
            plain = base.iloc[0]
            text += f" against the baseline's {_accuracy(plain)}"
            text += f" ({_times(best['fit_cpu_s'], plain['fit_cpu_s'])})"
        parts.append(text)
    baseline = levels_in_words(results.factors, results.baseline)
    return (
        f"The best combination — {'; '.join(parts)}; chosen among {most} by validation accuracy, "
        f"so that the test figure is fair; the baseline is {baseline}."
    )


def _accuracy(row: pd.Series) -> str:
    return f"{percent(row['mean_accuracy'], row['mean_ci_low'], row['mean_ci_high'])} %"


def _times(cost: float, base: float) -> str:
    if not (math.isfinite(cost) and math.isfinite(base) and base > 0):
        return "cost not measured"
    return f"×{cost / base:.2f} its CPU time, {seconds(cost)} per run"


def _sure(effects: pd.DataFrame, cells: pd.DataFrame, counts: pd.DataFrame) -> str:
    rows = effects[effects["verdict"] == "inconclusive"]
    first = "every component got a verdict"
    if len(rows):
        first = f"inconclusive, which is not the same as no effect: {_listed(rows, amounts=False)}"
    total = counts[["planned", "ok", "diverged", "failed", "missing"]].sum()
    lost = [f"{total[name]} {name}" for name in ("diverged", "failed", "missing") if total[name]]
    rest = f"{', '.join(lost)}" if lost else "none diverged, failed or is missing"
    finished = f"{total['ok']} of {total['planned']} planned runs finished"
    return f"How sure — {first}; {placebo_verdicts(cells)}; {finished}, {rest}."


def placebo_verdicts(cells: pd.DataFrame) -> str:
    """Return what the placebo arm (the baseline under other streams) came out as."""
    rows = cells[cells["arm"] == "placebo"] if len(cells) else cells
    if rows.empty:
        return "the study has no placebo arm"
    named = [
        f"{row['verdict']} on {dataset_title(str(row['dataset']))} "
        f"({difference(*(row[f'difference_{c}'] for c in ('pp', *ENDS)))} pp)"
        for row in rows.to_dict("records")
    ]
    bad = rows["verdict"].isin(["helps", "hurts"]).any()
    alarm = ": a placebo that seems to act means that the comparisons cannot be trusted" * bool(bad)
    return (
        f"the placebo, which is the baseline run a second time, came out {', '.join(named)}{alarm}"
    )
