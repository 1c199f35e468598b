"""How sure the answer is: placebo, the tuning itself (Adam ≥ momentum ≥ SGD), data and runs."""

from __future__ import annotations

import pandas as pd

from experiments.analysis.ledger import ordered
from experiments.design.designs import cell_name
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.text.estimates import DIFFERENCE, numbers_of
from pipeline.results.text.titles import dataset_title
from pipeline.results.text.words import capitalized, counted, listed

# Each contains the one before as a limit.
_CHAIN = ("sgd", "momentum", "adam")
_STATUSES = ("ok", "diverged", "failed")


def sureness(results: StudyResults, tables: Tables) -> list[str]:
    """Return how placebo and tuning came out, what the data lack, and how many runs there are."""
    total = tables["counts"][["planned", "ok"]].sum()
    rest = listed(lost_runs(tables)) or "none diverged, failed or is missing"
    runs = f"{total['ok']} of {counted(total['planned'], 'planned run')} finished; {rest}."
    if not results.measured:
        return [runs]
    placebo = capitalized(placebo_verdicts(results, tables["cells"]))
    facts = [
        capitalized(f"on {dataset_title(name)}, {fact}")
        for name in results.measured
        for fact in results.cards[name].facts
    ]
    return [placebo, *order_sentences(results), *facts, runs]


def run_counts(results: StudyResults) -> pd.DataFrame:
    """Count a study's runs: one row per dataset, the unavailable ones included."""
    rows = []
    for name, card in results.cards.items():
        status, planned = results.runs["status"][results.runs["dataset"] == name], results.planned
        counts = [int((status == kind).sum()) for kind in _STATUSES]
        missing = max(planned[name] - sum(counts), 0)
        rows.append((name, card.available, planned[name], *counts, missing))
    return pd.DataFrame(rows, columns=["dataset", "available", "planned", *_STATUSES, "missing"])


def notes(results: StudyResults, counts: pd.DataFrame) -> list[str]:
    """Return a line per dataset: its run counts, or why it is not there and what to do."""
    lines = []
    for row in counts.to_dict("records"):
        card, title = results.cards[row["dataset"]], dataset_title(row["dataset"])
        if card.available:
            kinds = ", ".join(f"{row[kind]} {kind}" for kind in (*_STATUSES, "missing"))
            lines.append(f"{title}: {counted(row['planned'], 'run')} planned, {kinds}.")
        else:
            lines.append(f"{title} is unavailable ({'; '.join(card.reasons)}). {card.remedy}")
    return lines


def lost_runs(tables: Tables) -> list[str]:
    """Return how many planned runs have no result, by what became of them: "2 diverged"."""
    total = tables["counts"][["diverged", "failed", "missing"]].sum()
    return [f"{total[kind]} {kind}" for kind in total.index if total[kind]]


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


def order_sentences(results: StudyResults) -> list[str]:
    """Return what `ordered` found of the study's optimizers, in one sentence at most."""
    study, measure = results.study, results.measure
    known = next((f for f in study.factors if len(set(f.labels) & set(_CHAIN)) > 1), None)
    if known is None:
        return []
    arms = {
        cell_name(study.factors, {**study.baseline, known.name: label}): label
        for label in _CHAIN
        if label in known.labels
    }
    found = ordered(results.tuning, list(arms), sign=study.measure.sign, confidence=1 - study.alpha)
    found = found[found["n"] > 1]
    found = found.assign(simpler=found["simpler"].map(arms), richer=found["richer"].map(arms))
    wrong = found[~found["holds"].astype(bool)]
    if found.empty:
        return []
    if wrong.empty:
        names = {*found["simpler"], *found["richer"]}
        chain = " ≥ ".join(label for label in reversed(_CHAIN) if label in names)
        where = listed([dataset_title(name) for name in dict.fromkeys(found["dataset"])])
        by = measure.validation_title
        return [f"Tuned {chain} up to noise on {where}, by {by}, as it must be."]
    named = [
        f"{row['richer']} behind {row['simpler']} on {dataset_title(row['dataset'])} by "
        f"{-measure.response.scale * row['difference']:.{measure.response.decimals}f}{measure.step}"
        for row in wrong.to_dict("records")
    ]
    return [
        f"Tuning fell short of what it must reach: {listed(named)} of {measure.validation_title}."
    ]
