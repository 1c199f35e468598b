"""What was found, in plain sentences: one per component, and the five that answer the study."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.study_results import StudyResults
from pipeline.tables.rounding import difference, p_value, seconds
from pipeline.tables.titles import dataset_title, levels_in_words

RESPONSES = {"test_accuracy": "test accuracy", "val_accuracy": "validation accuracy"}


def response_title(primary: str) -> str:
    """Return the primary response in words."""
    return RESPONSES.get(primary, primary)


def finding(row: Mapping[str, Any], results: StudyResults) -> str:
    """Return the sentence on one component in one dataset.

    Parameters
    ----------
    row : mapping
        A row of the effects table.
    results : StudyResults
        For the response's name and what was held fixed.

    Returns
    -------
    str
        Verdict, effect with interval, adjusted p, n, cost per step and per run, and the
        combinations that the effect was averaged over.
    """
    where, name = dataset_title(str(row["dataset"])), str(row["title"])
    if not math.isfinite(row["effect_pp"]):
        return f"On {where}, nothing can be said about {name}: {row['notes'] or row['verdict_reason']}."
    amount = difference(row["effect_pp"], row["ci_low_pp"], row["ci_high_pp"])
    tail = f"{amount} pp, adjusted p = {p_value(row['p_adjusted'])}, n = {int(row['n'])}".replace(
        "= <", "< "
    )
    text = f"On {where}, {name} {_claim(row, results)} ({tail}){_cost(row)}"
    return f"{text}; averaged over {int(row['n_pairs'])} {_pairs(row)} of {_others(row, results)}."


def _claim(row: Mapping[str, Any], results: StudyResults) -> str:
    response = response_title(results.primary)
    margin = f"±{row['margin_pp']:g} pp"
    if "diverged" in str(row["verdict_reason"]) and row["verdict"] in ("helps", "hurts"):
        return f"{row['verdict']}: {row['verdict_reason']}; the runs that trained differ by"
    return {
        "helps": f"raises {response}",
        "hurts": f"lowers {response}",
        "equivalent": f"changes {response} by less than the margin of {margin}",
        "inconclusive": f"is inconclusive: this study cannot tell its effect on {response}",
    }[str(row["verdict"])]


def _cost(row: Mapping[str, Any]) -> str:
    parts = []
    if math.isfinite(row.get("step_ratio", math.nan)):
        parts.append(f"costs ×{row['step_ratio']:.2f} per step")
    if math.isfinite(row.get("time_ratio", math.nan)):
        parts.append(f"takes ×{row['time_ratio']:.2f} the CPU time per run")
    return f"; it {' and '.join(parts)}" if parts else ""


def _pairs(row: Mapping[str, Any]) -> str:
    return "pair of cells" if row["n_pairs"] == 1 else "pairs of cells"


def _others(row: Mapping[str, Any], results: StudyResults) -> str:
    others = [factor.name for factor in results.factors if factor.name != row["component"]]
    return f"combinations of {', '.join(others)}" if others else "the baseline alone"


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
        _helpful(effects),
        _not_helpful(effects),
        _best(cells, results),
        _open(effects),
        _soundness(cells, tables["counts"]),
    ]


def _listed(effects: pd.DataFrame, *, amounts: bool = True) -> str:
    """Name rows per dataset: "MNIST: adam vs sgd (+0.4 pp), dropout (+0.1 pp); digits: …"."""
    parts = []
    for dataset, rows in effects.groupby("dataset", sort=False):
        named = [
            f"{row['title']} ({difference(row['effect_pp'], *(row[c] for c in ENDS))} pp)"
            if amounts and math.isfinite(row["effect_pp"])
            else str(row["title"])
            for row in rows.to_dict("records")
        ]
        parts.append(f"{dataset_title(str(dataset))}: {', '.join(named)}")
    return "; ".join(parts)


ENDS = ("ci_low_pp", "ci_high_pp")


def _helpful(effects: pd.DataFrame) -> str:
    rows = effects[effects["verdict"] == "helps"]
    if rows.empty:
        return "No component was shown to help."
    ordered = pd.concat(
        part.sort_values("effect_pp", ascending=False, kind="stable")
        for _, part in rows.groupby("dataset", sort=False)
    )
    return f"What helps — {_listed(ordered)}."


def _not_helpful(effects: pd.DataFrame) -> str:
    hurts = effects[effects["verdict"] == "hurts"]
    same = effects[effects["verdict"] == "equivalent"]
    first = f"What hurts — {_listed(hurts)}" if len(hurts) else "No component was shown to hurt"
    if same.empty:
        return f"{first}; none was shown to matter less than the margin."
    return f"{first}; shown to change less than the margin — {_listed(same, amounts=False)}."


def _best(cells: pd.DataFrame, results: StudyResults) -> str:
    parts = []
    for dataset, rows in cells[cells["arm"] == "cell"].groupby("dataset", sort=False):
        known = rows[rows["mean_accuracy"].notna()]
        if known.empty:
            continue
        best = known.loc[known["mean_accuracy"].idxmax()]
        text = f"{dataset_title(str(dataset))}: {best['cell']} with {100 * best['mean_accuracy']:.2f} %"
        base = known[known["is_baseline"]]
        if len(base) and not best["is_baseline"]:
            text += f" against {100 * base['mean_accuracy'].iloc[0]:.2f} % for the baseline"
            text += f" ({_times(best['fit_cpu_s'], base['fit_cpu_s'].iloc[0])})"
        parts.append(text)
    baseline = levels_in_words(results.factors, results.baseline)
    return (
        f"The highest mean {response_title(results.primary)} — {'; '.join(parts)}; the best of many "
        f"means is a little too high by selection; the baseline is {baseline}."
    )


def _times(cost: float, base: float) -> str:
    if not (math.isfinite(cost) and math.isfinite(base) and base > 0):
        return "cost not measured"
    return f"{seconds(cost)} CPU per run, ×{cost / base:.2f}"


def _open(effects: pd.DataFrame) -> str:
    rows = effects[effects["verdict"] == "inconclusive"]
    if rows.empty:
        return "Every component got a verdict."
    return (
        f"Inconclusive, which is not the same as no effect — {_listed(rows, amounts=False)}; "
        "more replicates would narrow these intervals."
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
    return f"the placebo arm came out {', '.join(named)}{alarm}"


def _soundness(cells: pd.DataFrame, counts: pd.DataFrame) -> str:
    total = counts[["planned", "ok", "diverged", "failed", "missing"]].sum()
    lost = [f"{total[name]} {name}" for name in ("diverged", "failed", "missing") if total[name]]
    said = placebo_verdicts(cells)
    rest = f"{', '.join(lost)}" if lost else "none diverged, failed or is missing"
    return f"{said[0].upper()}{said[1:]}; {total['ok']} of {total['planned']} planned runs finished, {rest}."
