"""The method box: what was tuned, what was fixed, and what the study could have seen."""

from __future__ import annotations

from typing import Any

from experiments.analysis import feasibility
from experiments.analysis.spreads import measured_spreads
from experiments.design.replicates import described
from pipeline.results.answer import placebo_verdicts
from pipeline.results.report.runtime import runtime
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import Tables
from pipeline.results.tables.shown_tables import margins
from pipeline.results.text.titles import dataset_title, factor_title
from pipeline.results.text.words import capitalized, listed


def method(results: StudyResults, tables: Tables) -> list[tuple[str, list[str]]]:
    """Return the method box as heading and sentences."""
    return [
        ("Design", [_design(results)]),
        ("What was tuned", _tuned(results)),
        ("What was held fixed, and so limits the claim", _fixed(results)),
        ("Replicates and intervals", _replicates(results)),
        ("What this study could have seen", _detectable(results, tables)),
        ("Runtime", runtime(results)),
        ("Placebo", [capitalized(placebo_verdicts(results, tables["cells"]))]),
        ("Verdicts", _rules(results)),
        ("What could not be said", _notes(tables)),
    ]


def _design(results: StudyResults) -> str:
    varied = "; ".join(f"{f.name}: {', '.join(f.labels)}" for f in results.study.factors)
    name = results.study.design.replace("_", "-")
    full = "" if name == "full" else (
        " This is not the full factorial: effects hold for the combinations that were run, and "
        "what needs the missing ones is left out below."
    )  # fmt: skip
    return f"Design: {name}. Varied — {varied}. The first level of each is the baseline's.{full}"


def _tuned(results: StudyResults) -> list[str]:
    study, tune = results.study, results.study.tune
    if results.tuning.empty:
        return [
            "No tuning ledger is stored: learning rates were given or defaults, and a component "
            "that wants another learning rate is judged at this one."
        ]
    fields = list(dict.fromkeys(factor_title(str(r.tuned)) for r in study.recipes.values()))
    apart = [factor_title(f.name) for f in study.factors if f.name in tune.per or f.has_ranges]
    per = f"apart for each combination of {listed(apart)}" if apart else "once for all cells"
    length = "" if tune.length == 1 else f" of {tune.length:g} of a run's epochs"
    said = [
        f"The {listed(fields)}, in every block anew and {per}: {tune.trials} quasirandom "
        f"trials{length} over {tune.decades:g} powers of ten around the usual value, chosen by "
        f"{results.measure.validation_title} on the block's own split.",
    ]
    also = {name: [factor_title(f) for f in more] for name, more in tune.also.items() if more}
    said += [
        f"On {dataset_title(name)} it was tuned apart for {listed(more)}, too."
        for name, more in also.items()
    ]
    said += [
        f"The range of {dataset_title(name)} lies {shift:g} powers of ten above the usual value."
        for name, shift in tune.shift.items()
        if shift
    ]
    strengths = [factor_title(f.name) for f in study.factors if f.has_ranges]
    if strengths:
        said.append(
            f"The strength of {listed(strengths)} was tuned with as many trials, at the value "
            "chosen without it."
        )
    return said


def _fixed(results: StudyResults) -> list[str]:
    varied = {factor.name for factor in results.study.factors}
    said = []
    for name, recipe in results.study.recipes.items():
        kept = {factor_title(k): v for k, v in recipe.as_dict().items() if k not in varied}
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


def replicates(results: StudyResults) -> str:
    """Return how often each dataset is repeated, in words."""
    return described({dataset_title(name): n for name, n in results.study.looks.items()})


def _replicates(results: StudyResults) -> list[str]:
    looks = results.study.looks
    level = f"{100 * (1 - results.study.alpha):g} %"
    said = [
        f"{capitalized(replicates(results))} A block, one replicate of the cells, has its own "
        "split, initial weights, batch order and tuning, and cells are compared inside it.",
        f"Intervals are {level} Student's t intervals over replicates; where the test images are "
        "common to all replicates a crossed bootstrap adds their sampling error.",
        "p is corrected after Holm in three families, each by itself: the component effects of "
        "the study over all datasets, its two-way interactions over all datasets, and the cells "
        "against the baseline within a dataset.",
        "The primary response, named before the study ran, is "
        f"{results.measure.title}. The test part was read once per finished run; "
        "validation chose the epoch.",
    ]
    if any(len(counts) > 1 for counts in looks.values()):
        said.append(
            "Comparisons that are open after a look go on to the next one, with the cells that "
            "they weigh. At K looks intervals cover 1 − α/K each, and p is K times the least p of "
            "the looks so far, so that any reason to stop is allowed."
        )
    if any(counts[-1] == 1 for counts in looks.values()):
        said.append("One replicate gives neither interval nor test: every verdict is inconclusive.")
    return said


def _detectable(results: StudyResults, tables: Tables) -> list[str]:
    effects = tables["effects"]
    if effects.empty:
        return ["Nothing has been measured yet."]
    study = results.study
    titles = {name: dataset_title(name) for name in results.measured}
    known = {titles[name]: spread for name, spread in measured_spreads(effects).items()}
    outlooks = feasibility(
        known,
        looks={
            titles[str(name)]: (int(rows["n"].max()),)
            for name, rows in effects.groupby("dataset", sort=False)
        },
        n_comparisons=len(effects),
        margins={title: study.margin(name) for name, title in titles.items()},
        alpha=study.alpha,
    )
    sentences = {item.dataset: [capitalized(s) for s in item.sentences] for item in outlooks}
    return [
        sentence
        for title in titles.values()
        for sentence in sentences.get(title, [f"{title}: too few replicates to say."])
    ]


def _rules(results: StudyResults) -> list[str]:
    return [
        "Equivalent: two one-sided tests show the effect to be inside the margin "
        f"({margins(results)}).",
        f"Helps / hurts: adjusted p below {results.study.alpha:g} and the interval excludes zero.",
        "Depends: another component turns the effect (their interaction is shown), so that the "
        "average over both is not the answer.",
        "Inconclusive: everything else. It says that this study could not tell.",
        "A run that diverged has no result and is never given one: blocks in which exactly one "
        "side diverged are compared by the exact sign test, inside the same family.",
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
        capitalized(note if len(who) == every else f"{note} ({', '.join(who)})")
        for note, who in said.items()
    ] or ["Nothing was left out."]
