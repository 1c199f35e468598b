"""The method box: what was tuned, what was fixed, and what the study could have seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from experiments.analysis import feasibility
from experiments.analysis.spreads import measured_spreads
from pipeline.results.answer import placebo_verdicts
from pipeline.results.findings import response_title
from pipeline.results.report.runtime import runtime
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import Tables
from pipeline.results.text.titles import dataset_title, factor_title


def method(results: StudyResults, tables: Tables) -> list[tuple[str, list[str]]]:
    """Return the method box as heading and sentences."""
    replicates = results.protocol.get("replicates")
    return [
        ("Design", [_design(results)]),
        ("What was tuned", [_tuned(results)]),
        ("What was held fixed, and so limits the claim", _fixed(results)),
        ("Replicates and intervals", _replicates(results, replicates)),
        ("What this study could have seen", _detectable(results, tables)),
        ("Runtime", runtime(results)),
        ("Placebo", [_sentence(placebo_verdicts(tables["cells"]))]),
        ("Verdicts", _rules(results)),
        ("What could not be said", _notes(tables)),
    ]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _design(results: StudyResults) -> str:
    varied = "; ".join(f"{f.name}: {', '.join(f.labels)}" for f in results.factors)
    name = str(results.protocol.get("design", "unknown")).replace("_", "-")
    full = "" if name == "full" else (
        " This is not the full factorial: effects hold for the combinations that were run, and "
        "what needs the missing ones is left out below."
    )  # fmt: skip
    return f"Design: {name}. Varied — {varied}. The first level of each is the baseline's.{full}"


def _tuned(results: StudyResults) -> str:
    tune = results.protocol.get("tune") or {}
    if results.tuning.empty:
        return (
            "No tuning ledger is stored: learning rates were given or defaults, and a component "
            "that wants another learning rate is judged at this one."
        )
    names = [factor_title(name) for name in tune.get("per", ())]
    per = "once for all cells"
    if names:
        per = f"separately for each {'combination of ' * (len(names) > 1)}{' × '.join(names)}"
    decades = f"{tune.get('decades', math.nan):g} powers of ten"
    return (
        f"The learning rate, {per}: {tune.get('trials', '?')} quasirandom "
        f"trials over {decades} around its default, chosen on validation data of replicates that "
        "the comparison does not use. Everything else kept its value."
    )


def _fixed(results: StudyResults) -> list[str]:
    recipes: Mapping[str, Mapping[str, Any]] = results.protocol.get("recipe", {})
    varied = {factor.name for factor in results.factors}
    said = []
    for name, recipe in recipes.items():
        kept = {factor_title(k): v for k, v in recipe.items() if k not in varied}
        if kept.get("learning rate", 0) is None:
            kept["learning rate"] = "default" if results.tuning.empty else "tuned"
        given = [f"{k} {_value(v)}" for k, v in kept.items() if v]
        off = [k for k, v in kept.items() if not v]
        rest = f"; not used: {', '.join(off)}" if off else ""
        said.append(f"{dataset_title(name)}: {', '.join(given)}{rest}.")
    return said


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "-".join(map(str, value))
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value).replace("_", " ")


def _replicates(results: StudyResults, replicates: Any) -> list[str]:
    level = f"{100 * (1 - results.alpha):g} %"
    said = [
        f"{replicates} replicates per cell. A replicate has its own split, initial weights and "
        "batch order, the same for every cell, and cells are compared inside it.",
        f"Intervals are {level} Student's t intervals over replicates; where the test images are "
        "common to all replicates a crossed bootstrap adds their sampling error.",
        "p is corrected after Holm in three families, each by itself: the component effects of "
        "the study over all datasets, its two-way interactions over all datasets, and the cells "
        "against the baseline within a dataset.",
        f"The primary response, named before the study ran, is {response_title(results.primary)}. "
        "The test part was read once per finished run; validation chose the epoch.",
    ]
    if replicates == 1:
        said.append("One replicate gives neither interval nor test: every verdict stays open.")
    return said


def _detectable(results: StudyResults, tables: Tables) -> list[str]:
    effects = tables["effects"]
    if effects.empty:
        return ["Nothing has been measured yet."]
    spreads = {
        name: known for name, known in measured_spreads(effects).items() if name in results.margins
    }
    found = feasibility(
        {dataset_title(name): known for name, known in spreads.items()},
        looks={
            dataset_title(str(name)): (int(rows["n"].max()),)
            for name, rows in effects.groupby("dataset", sort=False)
        },
        n_comparisons=len(effects),
        margins={dataset_title(name): margin for name, margin in results.margins.items()},
        alpha=results.alpha,
    )
    said = {item.dataset: [_sentence(s.rstrip(".")) for s in item.sentences] for item in found}
    names = [dataset_title(str(name)) for name in effects["dataset"].unique()]
    return [s for name in names for s in said.get(name, [f"{name}: too few replicates to say."])]


def _rules(results: StudyResults) -> list[str]:
    margins = ", ".join(
        f"{dataset_title(name)} ±{margin:g} pp"
        for name, margin in results.margins.items()
        if math.isfinite(margin)
    )
    return [
        f"Equivalent: two one-sided tests show the effect to be inside the margin ({margins}).",
        f"Helps / hurts: adjusted p below {results.alpha:g} and the interval excludes zero.",
        "Inconclusive: everything else. It says that this study could not tell.",
        "A run that diverged has no accuracy and is never given one; if more than half of the runs "
        "on one side diverged, that side loses.",
        "A run that failed or is missing is not made up either: its pair of cells is left out in "
        "every replicate, or its replicate for all cells, whichever loses less.",
    ]


def _notes(tables: Tables) -> list[str]:
    effects = tables["effects"]
    if effects.empty:
        return ["Everything: no run has finished."]
    said: dict[str, list[str]] = {}
    for row in effects.to_dict("records"):
        for note in filter(None, str(row["notes"]).split("; ")):
            said.setdefault(note, []).append(f"{dataset_title(row['dataset'])} {row['title']}")
    every = len(effects)
    return [
        _sentence(note if len(who) == every else f"{note} ({', '.join(who)})")
        for note, who in said.items()
    ] or ["Nothing was left out."]
