"""The answer to a study's question, in short plain sentences: of components, pairs and costs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from experiments.analysis import best_cell
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.sureness import sureness
from pipeline.results.text import estimates
from pipeline.results.text.estimates import Row, around, numbers_of
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import ratio
from pipeline.results.text.titles import dataset_title, turning_titles
from pipeline.results.text.words import capitalized, counted, listed

_COSTS = {
    "CPU time per training step": estimates.STEP_COST,
    "CPU time per run": estimates.RUN_COST,
}
_PAIRS = {
    "redundant": "each does less beside the other",
    "synergistic": "together better than the sum of both",
    "antagonistic": "together worse than the sum of both",
}


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
    effects = tables["effects"][tables["effects"]["dataset"] == dataset].to_dict("records")
    cells = tables["cells"][tables["cells"]["dataset"] == dataset]
    return [
        *_verdicts(effects, results, dataset),
        _costs(effects),
        *_best(cells[cells["arm"] == "cell"], results.measure),
    ]


def _verdicts(effects: Sequence[Row], results: StudyResults, dataset: str) -> list[str]:
    """Return a sentence for each verdict that some component got, in this order."""
    where, measure = dataset_title(dataset), results.measure
    n = sorted({int(row["n"]) for row in effects})
    replicates = "–".join(map(str, dict.fromkeys((n[0], n[-1]))))
    level = 100 * (1 - results.study.alpha / max(int(row["n_looks"]) for row in effects))
    basis = f"{level:.4g} % intervals over n = {replicates} replicates"
    margin = f"±{results.study.margin(dataset):g}{measure.step}"
    sentences = {
        "helps": (_sized, f"On {where} ", f" {measure.moves('helps')} {measure.title} ({basis})"),
        "hurts": (_sized, "", f" {measure.moves('hurts')} it"),
        "depends": (_turned, "It depends: ", ""),
        "equivalent": (_title, "", f" changed it by less than {margin}"),
        "inconclusive": (_title, "Inconclusive, which is not the same as no effect: ", ""),
    }
    lines = []
    for verdict, (name, before, after) in sentences.items():
        rows = [row for row in effects if row["verdict"] == verdict]
        if name is _sized:
            rows.sort(key=lambda row: (math.isnan(row["effect_pp"]), -abs(row["effect_pp"])))
        if rows:
            named = listed([name(row, results) for row in rows])
            lines.append(capitalized(f"{before}{named}{after}"))
        elif verdict == "helps":
            lines.append(f"On {where} no component was shown to improve {measure.title}.")
    return lines


def _title(row: Row, results: StudyResults) -> str:
    return str(row["title"])


def _sized(row: Row, results: StudyResults) -> str:
    """Name a component with its effect."""
    size = results.measure.amount(*numbers_of(row, estimates.EFFECT))
    return f"{row['title']} ({'by divergence' if 'diverged' in row['verdict_reason'] else size})"


def _turned(row: Row, results: StudyResults) -> str:
    """Name a component, what turns it, and its effect without and with the first of these."""
    on = turning_titles(results.study.factors, str(row["depends_on"]))
    without, with_it = (
        results.measure.amount(*numbers_of(row, around(f"simple_{side}_")))
        for side in ("without", "with")
    )
    return f"{row['title']} (on {listed(on)}: {without} without {on[0]}, {with_it} with it)"


def _costs(effects: Sequence[Row]) -> str:
    """Name the component that costs most, by the step where that was measured, else by the run."""
    for what, columns in _COSTS.items():
        if known := [row for row in effects if not math.isnan(row[columns[0]])]:
            row = sorted(known, key=lambda row: row[columns[0]])[-1]
            amount = ratio(*numbers_of(row, columns))
            return f"The most costly component is {row['title']}: {amount} the {what}."
    return "Runtime was not measured."


def _best(cells: pd.DataFrame, measure: Measure) -> list[str]:
    name = best_cell(cells, sign=measure.response.sign)
    if name is None:
        return []
    known = cells[cells["mean_accuracy"].notna()]
    best = known[known["cell"] == name].iloc[0].to_dict()
    mean = measure.shown(*numbers_of(best, estimates.MEAN))
    text = f"The best of {counted(len(known), 'recipe')} is {name} with {mean}"
    for base in known[known["is_baseline"] & ~known["cell"].eq(name)].to_dict("records"):
        text += f", against the baseline's {measure.shown(*numbers_of(base, estimates.MEAN))}"
        cost = best["fit_cpu_s"] / base["fit_cpu_s"] if base["fit_cpu_s"] else math.nan
        if math.isfinite(cost):
            text += f" and at ×{cost:.2f} its CPU time"
    return [f"{text}; validation data chose it, so that its test figure is fair."]


def pair_sentences(interactions: pd.DataFrame, measure: Measure) -> list[str]:
    """Name the redundant, synergistic and antagonistic pairs, and count the others."""
    known = interactions[interactions["interaction_pp"].notna()]
    if known.empty:
        return ["No two components were run with both, one and neither: pairs cannot be judged."]
    sentences = []
    for word, meaning in _PAIRS.items():
        named = [
            f"{dataset_title(row['dataset'])} {row['title_a']} with {row['title_b']} "
            f"{measure.change(row['interaction_pp'], row['ci_low_pp'], row['ci_high_pp'])}"
            for row in known[known["pair"] == word].to_dict("records")
        ]
        every = ", ".join(named) or "none shown"
        sentences.append(f"{word.capitalize()} pairs, {meaning}: {every}.")
    additive, open_ = (
        f"{count} {'is' if count == 1 else 'are'} {word}"
        for word in ("additive", "inconclusive")
        for count in [(known["pair"] == word).sum()]
    )
    return [
        *sentences,
        f"Of {counted(len(known), 'pair')} {additive} (together the sum of both within the margin) "
        f"and {open_}; p is adjusted after Holm over "
        f"all {known['family_size'].iloc[0]} two-way interactions of the study.",
    ]
