"""What was found about each component, in a plain sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pipeline.results.study_results import StudyResults
from pipeline.results.text.rounding import difference, p_value, ratio
from pipeline.results.text.titles import dataset_title, factor_title

RESPONSES = {"test_accuracy": "test accuracy", "val_accuracy": "validation accuracy"}


def response_title(primary: str) -> str:
    """Return the primary response in words."""
    return RESPONSES.get(primary, primary)


def finding(row: Mapping[Any, Any], results: StudyResults) -> str:
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
        Verdict, effect with interval, adjusted p, n, the interval over replicates and test
        images, cost per step and per run, and the combinations that the effect was averaged over.
    """
    where, name = dataset_title(str(row["dataset"])), str(row["title"])
    if not math.isfinite(row["effect_pp"]):
        why = row["notes"] or row["verdict_reason"]
        return f"On {where}, nothing can be said about {name}: {why}."
    amount = difference(row["effect_pp"], row["ci_low_pp"], row["ci_high_pp"])
    p = f"adjusted p = {p_value(row['p_adjusted'])}".replace("= <", "< ")
    numbers = f"{amount} pp, {100 * (1 - row['alpha']):g} % interval, {p}, n = {int(row['n'])}"
    text = f"On {where}, {name} {_claim(row, results)} ({numbers}){_new_images(row)}{_cost(row)}"
    return f"{text}; {_condition(row, results)}."


def _claim(row: Mapping[Any, Any], results: StudyResults) -> str:
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


def _new_images(row: Mapping[Any, Any]) -> str:
    """Give the interval over new test images too, and say so where it takes the claim back."""
    low, high = row["images_ci_low_pp"], row["images_ci_high_pp"]
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    ends = difference(row["effect_pp"], low, high).partition(" ")[2]
    text = f"; over other test images as well {ends}"
    claimed = row["verdict"] in ("helps", "hurts")
    return text + ", so that the claim holds for these images only" * (claimed and low <= 0 <= high)


def _cost(row: Mapping[Any, Any]) -> str:
    parts = []
    if math.isfinite(row.get("step_ratio", math.nan)):
        ends = (row.get("step_low", math.nan), row.get("step_high", math.nan))
        noise = " (the timing was disturbed)" * bool(row.get("step_disturbed", False))
        parts.append(f"costs {ratio(row['step_ratio'], *ends)} per step{noise}")
    if math.isfinite(row.get("time_ratio", math.nan)):
        ends = (row["time_ratio_low"], row["time_ratio_high"])
        parts.append(f"takes {ratio(row['time_ratio'], *ends)} the CPU time per run")
    return f"; it {' and '.join(parts)}" if parts else ""


def _condition(row: Mapping[Any, Any], results: StudyResults) -> str:
    """Say which cells were compared; in a fraction no two differ in one component only."""
    if row["n_pairs"] == 1 and row["n_cells"] > 2:
        half = int(row["n_cells"]) // 2
        return f"{half} cells with it against {half} without, balanced in the other components"
    others = [f for f in results.factors if f.name != row["component"]]
    if not others:
        return "no other factor was varied"
    count, every = int(row["n_pairs"]), math.prod(len(f.levels) for f in others)
    named = _and([factor_title(f.name) for f in others])
    if count == 1:
        return f"measured at one combination of {named} alone"
    of = f"{count} of {every}" if count < every else f"all {count}"
    return f"averaged over {of} combinations of {named}"


def _and(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
