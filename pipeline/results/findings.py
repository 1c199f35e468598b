"""What was found of each component: its sentence, and all that `verdicts.json` holds of it."""

from __future__ import annotations

import math
from typing import Any

from experiments import analysis
from experiments.analysis.verdicts import NOTHING_SHOWN
from pipeline.results.answer import answer, sureness
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.text.estimates import RUN_COST, STEP_COST, Row, around, numbers_of
from pipeline.results.text.rounding import difference, p_value, ratio
from pipeline.results.text.titles import dataset_title, factor_title, turning_titles
from pipeline.results.text.words import listed


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
    study, effects, cells = results.study, tables["effects"], tables["cells"]
    runs = results.runs[results.runs["dataset"].isin(results.measured)]
    keys = analysis.component_run_keys(runs, study, effects)
    components = []
    for row in effects.to_dict("records"):
        key = (row["dataset"], row["component"], row["level"], row["null_level"])
        said = {"sentence": finding(row, results), "conditioned_on": _conditions(row, results)}
        components.append({**_plain_row(row), **said, "run_keys": keys[key]})
    return {
        "study": study.name,
        "question": study.question,
        "response": study.response,
        "response_title": results.measure.title,
        "unit": study.measure.difference_unit,
        "secondary": list(study.secondary),
        "alpha": study.alpha,
        "answer": answer(results, tables),
        "sureness": sureness(results, tables),
        "components": components,
        "placebo": [_plain_row(row) for row in cells[cells["arm"] == "placebo"].to_dict("records")],
    }


def _conditions(row: Row, results: StudyResults) -> dict[str, Any]:
    """Return what a component's effect was averaged over and what was held fixed."""
    factors, recipe = results.study.factors, results.study.recipes[row["dataset"]].as_dict()
    varied = {f.name: list(f.labels) for f in factors if f.name != row["component"]}
    fixed = {k: v for k, v in recipe.items() if k not in {factor.name for factor in factors}}
    return {"averaged_over": varied, "held_fixed": fixed}


def _plain_row(row: Row) -> dict[str, Any]:
    return {str(name): plain(value) for name, value in row.items()}


def plain(value: Any) -> Any:
    """Return a value that JSON has: NaN and infinities become None, NumPy scalars Python's."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def finding(row: Row, results: StudyResults) -> str:
    """Return the sentence on a row of the effects table: one component in one dataset.

    It says verdict, effect with interval, adjusted p, n, the interval over replicates and test
    images, cost per step and per run, and the combinations that the effect was averaged over.
    """
    where, name = dataset_title(str(row["dataset"])), str(row["title"])
    if not math.isfinite(row["effect_pp"]):
        why = row["notes"] or row["verdict_reason"]
        return f"On {where}, nothing can be said about {name}: {why}."
    average = "on average " * (row["verdict"] == "depends")
    numbers = f"{average}{_evidence(row, results)}, n = {int(row['n'])}"
    text = f"On {where}, {name} {_claim(row, results)} ({numbers}){_new_images(row, results)}"
    return f"{text}{_cost(row)}; {_condition(row, results)}."


def _evidence(row: Row, results: StudyResults) -> str:
    """Return the effect with the interval and the adjusted p that the verdict rests on.

    TOST at level alpha is the 1 − 2 alpha interval inside the margin; with K looks alpha / K.
    """
    kind, share = ("equivalence_", 2) if row["verdict"] == "equivalent" else ("", 1)
    amount = results.measure.change(row["effect_pp"], *numbers_of(row, around(kind)[1:]))
    if not math.isfinite(row["ci_low_pp"]):
        return f"{amount}, without an interval"
    level = 100 * (1 - share * row["alpha"] / row["n_looks"])
    p = p_value(row["p_equivalence_adjusted" if kind else "p_adjusted"])
    return f"{amount}, {level:.4g} % interval, adjusted p = {p}".replace("= <", "< ")


def _claim(row: Row, results: StudyResults) -> str:
    measure, verdict = results.measure, str(row["verdict"])
    if "diverged" in str(row["verdict_reason"]) and verdict in ("helps", "hurts"):
        return f"{verdict}: {row['verdict_reason']}; the runs that trained differ by"
    if verdict in ("helps", "hurts"):
        return f"{measure.moves(verdict)} {measure.title}"
    if verdict == "equivalent":
        margin = f"±{row['margin_pp']:g}{measure.step}"
        return f"changed {measure.title} by less than the margin of {margin}"
    if verdict == "depends":
        return _depends(row, results)
    shown = row["verdict_reason"] == NOTHING_SHOWN
    why = "" if shown else f", because {row['verdict_reason']}"
    return f"is inconclusive: this study cannot tell its effect on {measure.title}{why}"


def _depends(row: Row, results: StudyResults) -> str:
    """Give both simple effects: the average is not the answer."""
    first, *others = turning_titles(results.study.factors, str(row["depends_on"]))
    without, with_it = (
        results.measure.change(*numbers_of(row, around(f"simple_{side}_")))
        for side in ("without", "with")
    )
    also = f" (and on {listed(others)})" if others else ""
    return (
        f"depends on {first}{also}: its effect on {results.measure.title} is {without} "
        f"without it and {with_it} with it"
    )


def _new_images(row: Row, results: StudyResults) -> str:
    """Give the interval over new test examples too, and say so where it takes the claim back."""
    low, high = row["images_ci_low_pp"], row["images_ci_high_pp"]
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    ends = difference(row["effect_pp"], low, high).partition(" ")[2]
    noun = "examples" if results.cards[str(row["dataset"])].is_table else "images"
    text = f"; over other test {noun} as well {ends}"
    if row["verdict"] in ("helps", "hurts") and low <= 0 <= high:
        text += f", so that the claim holds for these {noun} only"
    return text


def _cost(row: Row) -> str:
    parts = []
    if math.isfinite(row["step_ratio"]):
        noise = " (the timing was disturbed)" * bool(row["step_disturbed"])
        parts.append(f"costs {ratio(*numbers_of(row, STEP_COST))} per step{noise}")
    if math.isfinite(row["time_ratio"]):
        parts.append(f"takes {ratio(*numbers_of(row, RUN_COST))} the CPU time per run")
    return f"; it {' and '.join(parts)}" if parts else ""


def _condition(row: Row, results: StudyResults) -> str:
    """Say which cells were compared; in a fraction no two differ in one component only."""
    if row["n_pairs"] == 1 and row["n_cells"] > 2:
        half = int(row["n_cells"]) // 2
        return f"{half} cells with it against {half} without, balanced in the other components"
    others = [f for f in results.study.factors if f.name != row["component"]]
    if not others:
        return "no other factor was varied"
    count, every = int(row["n_pairs"]), math.prod(len(f.levels) for f in others)
    named = listed([factor_title(f.name) for f in others])
    if count == 1:
        return f"measured at one combination of {named} alone"
    of = f"{count} of {every}" if count < every else f"all {count}"
    return f"averaged over {of} combinations of {named}"
