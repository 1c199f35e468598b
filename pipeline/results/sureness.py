"""How sure the answer is: the placebo, the tuning itself (Adam ≥ momentum ≥ SGD), the runs."""

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


def sureness(results: StudyResults, tables: Tables) -> list[str]:
    """Return how placebo and tuning came out, and how many runs the answer rests on."""
    if not results.measured:
        return [_runs(tables)]
    placebo = capitalized(placebo_verdicts(results, tables["cells"]))
    return [placebo, *order_sentences(results), _runs(tables)]


def _runs(tables: Tables) -> str:
    total = tables["counts"][["planned", "ok"]].sum()
    rest = listed(lost_runs(tables)) or "none diverged, failed or is missing"
    return f"{total['ok']} of {counted(total['planned'], 'planned run')} finished; {rest}."


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
    study = results.study
    known = next((f for f in study.factors if len(set(f.labels) & set(_CHAIN)) > 1), None)
    arms = {
        cell_name(study.factors, {**study.baseline, known.name: label}): label
        for label in _CHAIN
        if known is not None and label in known.labels
    }
    found = ordered(results.tuning, list(arms), sign=study.measure.sign, confidence=1 - study.alpha)
    found = found.assign(simpler=found["simpler"].map(arms), richer=found["richer"].map(arms))
    found = found[found["n"] > 1]
    if found.empty:
        return []
    response, judged = results.measure.response, results.measure.validation_title
    scale, places = response.scale, response.decimals
    wrong = found[~found["holds"].astype(bool)]
    if wrong.empty:
        names = list(dict.fromkeys([*found["richer"][::-1], *found["simpler"][::-1]]))
        chain = " ≥ ".join(label for label in reversed(_CHAIN) if label in names)
        where = listed([dataset_title(name) for name in dict.fromkeys(found["dataset"])])
        return [f"Tuned {chain} up to noise on {where}, by {judged}, as it must be."]
    named = [
        f"{row['richer']} behind {row['simpler']} on {dataset_title(row['dataset'])} by "
        f"{-scale * row['difference']:.{places}f}{results.measure.step}"
        for row in wrong.to_dict("records")
    ]
    return [f"Tuning fell short of what it must reach: {listed(named)} of {judged}."]
