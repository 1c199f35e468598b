"""The answer to a study's question, in short plain sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from experiments.analysis import best_cell
from pipeline.results.study_results import StudyResults
from pipeline.results.text.estimates import (
    DIFFERENCE,
    EFFECT,
    MEAN,
    RUN_COST,
    STEP_COST,
    Row,
    around,
    numbers_of,
)
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import ratio
from pipeline.results.text.titles import dataset_title, turning_titles
from pipeline.results.text.words import capitalized, counted, listed
from pipeline.results.tuning_order import order_sentences

_COSTS = {"CPU time per training step": STEP_COST, "CPU time per run": RUN_COST}
Tables = Mapping[str, pd.DataFrame]


def answer(results: StudyResults, tables: Tables) -> list[str]:
    """Return the sentences that answer the study's question: per dataset, then how sure.

    Without finished runs there is one sentence that says so.
    """
    if not results.measured:
        return ["No run of this study has finished, so that there is nothing to compare yet."]
    return [
        *(line for name in results.measured for line in dataset_answer(results, tables, name)),
        *sureness(results, tables),
    ]


def dataset_answer(results: StudyResults, tables: Tables, dataset: str) -> list[str]:
    """Return what helps on a dataset, what does not, what it costs, and the best recipe."""
    effects = tables["effects"][tables["effects"]["dataset"] == dataset]
    cells = tables["cells"][tables["cells"]["dataset"] == dataset]
    return [
        *_verdicts(effects, results, dataset),
        _costs(effects),
        *_best(cells[cells["arm"] == "cell"], results.measure),
    ]


def _verdicts(effects: pd.DataFrame, results: StudyResults, dataset: str) -> list[str]:
    where, measure = dataset_title(dataset), results.measure
    of = {word: effects[effects["verdict"] == word] for word in effects["verdict"].unique()}
    n = sorted({int(count) for count in effects["n"]})
    replicates = "–".join(map(str, dict.fromkeys((n[0], n[-1]))))
    level = 100 * (1 - results.study.alpha / int(effects["n_looks"].max()))
    basis = f"{level:.4g} % intervals over n = {replicates} replicates"
    lines = [f"On {where} no component was shown to improve {measure.title}."]
    if "helps" in of:
        named = _named(of["helps"], measure)
        lines = [f"On {where} {named} {measure.moves('helps')} {measure.title} ({basis})."]
    if "hurts" in of:
        named = capitalized(_named(of["hurts"], measure)).removesuffix(".")
        lines.append(f"{named} {measure.moves('hurts')} it.")
    if "depends" in of:
        turned = [_turned(row, results) for row in of["depends"].to_dict("records")]
        lines.append(f"It depends: {listed(turned)}.")
    if "equivalent" in of:
        margin = f"±{results.study.margin(dataset):g}{measure.step}"
        same = listed([str(title) for title in of["equivalent"]["title"]])
        lines.append(f"{capitalized(same).removesuffix('.')} changed it by less than {margin}.")
    if "inconclusive" in of:
        open_ = listed([str(title) for title in of["inconclusive"]["title"]])
        lines.append(f"Inconclusive, which is not the same as no effect: {open_}.")
    return lines


def _turned(row: Row, results: StudyResults) -> str:
    """Name a component, what turns it, and its effect without and with the first of these."""
    on = turning_titles(results.study.factors, str(row["depends_on"]))
    without, with_it = (
        results.measure.amount(*numbers_of(row, around(f"simple_{side}_")))
        for side in ("without", "with")
    )
    return f"{row['title']} (on {listed(on)}: {without} without {on[0]}, {with_it} with it)"


def _named(rows: pd.DataFrame, measure: Measure) -> str:
    """Name components with their effects, the largest first."""
    ordered = rows.assign(_size=-rows["effect_pp"].abs()).sort_values("_size", kind="stable")
    return listed(
        [f"{row['title']} ({_amount(row, measure)})" for row in ordered.to_dict("records")]
    )


def _amount(row: Row, measure: Measure) -> str:
    if "diverged" in str(row["verdict_reason"]):
        return "by divergence"
    return measure.amount(*numbers_of(row, EFFECT))


def _costs(effects: pd.DataFrame) -> str:
    """Name the component that costs most, by the step where that was measured, else by the run."""
    for what, columns in _COSTS.items():
        known = effects[effects[columns[0]].notna()]
        if len(known):
            row = known.sort_values(columns[0], kind="stable").iloc[-1].to_dict()
            amount = ratio(*numbers_of(row, columns))
            return f"The most costly component is {row['title']}: {amount} the {what}."
    return "Runtime was not measured."


def _best(cells: pd.DataFrame, measure: Measure) -> list[str]:
    name = best_cell(cells, sign=measure.response.sign)
    if name is None:
        return []
    known = cells[cells["mean_accuracy"].notna()]
    best = known[known["cell"] == name].iloc[0].to_dict()
    mean = measure.shown(*numbers_of(best, MEAN))
    text = f"The best of {counted(len(known), 'recipe')} is {name} with {mean}"
    for base in known[known["is_baseline"] & ~known["cell"].eq(name)].to_dict("records"):
        text += f", against the baseline's {measure.shown(*numbers_of(base, MEAN))}"
        cost = best["fit_cpu_s"] / base["fit_cpu_s"] if base["fit_cpu_s"] else math.nan
        if math.isfinite(cost):
            text += f" and at ×{cost:.2f} its CPU time"
    return [f"{text}; validation data chose it, so that its test figure is fair."]


def sureness(results: StudyResults, tables: Tables) -> list[str]:
    """Return how placebo and tuning came out, and how many runs the answer rests on."""
    total = tables["counts"][["planned", "ok", "diverged", "failed", "missing"]].sum()
    lost = [f"{total[name]} {name}" for name in ("diverged", "failed", "missing") if total[name]]
    rest = listed(lost) if lost else "none diverged, failed or is missing"
    finished = f"{total['ok']} of {counted(total['planned'], 'planned run')} finished"
    placebo = capitalized(placebo_verdicts(results, tables["cells"]))
    return [placebo, *order_sentences(results), f"{finished}; {rest}."]


def placebo_verdicts(results: StudyResults, cells: pd.DataFrame) -> str:
    """Return what the placebo arm (the baseline under other streams) came out as."""
    rows = cells[cells["arm"] == "placebo"]
    if rows.empty:
        return "the study has no placebo arm"
    named = [
        f"{row['verdict']} on {dataset_title(str(row['dataset']))} "
        f"({results.measure.change(*numbers_of(row, DIFFERENCE))})"
        for row in rows.to_dict("records")
    ]
    alarm = ": a placebo that seems to act means that the comparisons cannot be trusted"
    text = f"the placebo, the baseline run a second time, came out {listed(named)}"
    return text + alarm * placebo_acts(cells)


def placebo_acts(cells: pd.DataFrame) -> bool:
    """Return whether a placebo arm got the verdict of a component that does something."""
    return bool((cells["arm"].eq("placebo") & cells["verdict"].isin(["helps", "hurts"])).any())
