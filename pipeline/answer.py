"""The five sentences that answer a study's question."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.best_cell import best_cell
from pipeline.findings import response_title
from pipeline.study_results import StudyResults
from pipeline.tables.rounding import difference, percent, plus_minus, seconds
from pipeline.tables.titles import dataset_title, levels_in_words


def answer(results: StudyResults, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the five sentences that answer the study's question.

    They say what helps, what hurts or does not matter, what the best recipe is and costs, what
    stays open, and whether the placebo and the runs are sound. Without finished runs there is
    one sentence that says so.
    """
    effects, cells = tables["effects"], tables["cells"]
    if effects.empty:
        return ["No run of this study has finished, so that there is nothing to compare yet."]
    return [
        _helpful(effects, results),
        _not_helpful(effects, results),
        _best(cells, results),
        _open(effects),
        _soundness(cells, tables["counts"]),
    ]


def _listed(effects: pd.DataFrame, *, amounts: bool = True) -> str:
    """Name rows by dataset, the largest first: "MNIST: L2 +0.41 ± 0.04, …; digits: …"."""
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
    return plus_minus(row["effect_pp"], *(row[end] for end in ENDS))


ENDS = ("ci_low_pp", "ci_high_pp")


def _helpful(effects: pd.DataFrame, results: StudyResults) -> str:
    rows = effects[effects["verdict"] == "helps"]
    if rows.empty:
        return "What helps — no component was shown to."
    n = sorted({int(count) for count in rows["n"]})
    said = "–".join(map(str, dict.fromkeys((n[0], n[-1]))))
    level = f"{100 * (1 - results.alpha):g} %"
    return (
        f"What helps — {_listed(rows)}; in percentage points of {response_title(results.primary)}, "
        f"with {level} intervals over n = {said} replicates."
    )


def _not_helpful(effects: pd.DataFrame, results: StudyResults) -> str:
    hurts = effects[effects["verdict"] == "hurts"]
    same = effects[effects["verdict"] == "equivalent"]
    first = f"What hurts — {_listed(hurts)}" if len(hurts) else "What hurts — nothing was shown to"
    if same.empty:
        return f"{first}; nothing was shown to change less than would matter."
    margins = sorted({results.margins[str(name)] for name in same["dataset"]})
    sizes = "/".join(f"{margin:g}" for margin in margins)
    return (
        f"{first}; shown to make no difference that matters (less than ±{sizes} points) — "
        f"{_listed(same, amounts=False)}."
    )


def _best(cells: pd.DataFrame, results: StudyResults) -> str:
    parts = []
    for dataset, rows in cells[cells["arm"] == "cell"].groupby("dataset", sort=False):
        name = best_cell(rows)
        if name is None:
            continue
        known = rows[rows["mean_accuracy"].notna()]
        best = known[known["cell"] == name].iloc[0]
        accuracy = percent(best["mean_accuracy"], best["mean_ci_low"], best["mean_ci_high"])
        text = f"{dataset_title(str(dataset))}: {best['cell']}, {accuracy} %"
        base = known[known["is_baseline"]]
        if len(base) and not best["is_baseline"]:
            plain = base.iloc[0]
            own = percent(plain["mean_accuracy"], plain["mean_ci_low"], plain["mean_ci_high"])
            text += f" against the baseline's {own} %"
            text += f" ({_times(best['fit_cpu_s'], plain['fit_cpu_s'])})"
        parts.append(text)
    baseline = levels_in_words(results.factors, results.baseline)
    return (
        f"The best combination — {'; '.join(parts)}; the baseline is {baseline}, and the best of "
        "many means is a little too high by selection."
    )


def _times(cost: float, base: float) -> str:
    if not (math.isfinite(cost) and math.isfinite(base) and base > 0):
        return "cost not measured"
    return f"×{cost / base:.2f} its CPU time, {seconds(cost)} per run"


def _open(effects: pd.DataFrame) -> str:
    rows = effects[effects["verdict"] == "inconclusive"]
    if rows.empty:
        return "What stays open — nothing: every component got a verdict."
    return (
        f"What stays open — {_listed(rows, amounts=False)}; inconclusive is not the same as no "
        "effect, and more replicates would narrow the intervals."
    )


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
    alarm = " — a placebo that seems to act means the comparisons cannot be trusted" if bad else ""
    return (
        f"the placebo, which is the baseline run a second time, came out {', '.join(named)}{alarm}"
    )


def _soundness(cells: pd.DataFrame, counts: pd.DataFrame) -> str:
    total = counts[["planned", "ok", "diverged", "failed", "missing"]].sum()
    lost = [f"{total[name]} {name}" for name in ("diverged", "failed", "missing") if total[name]]
    said = placebo_verdicts(cells)
    rest = f"{', '.join(lost)}" if lost else "none diverged, failed or is missing"
    finished = f"{total['ok']} of {total['planned']} planned runs finished"
    return f"Can it be trusted — {said}; {finished}, {rest}."
