"""The check of the tuning itself: Adam ≥ momentum ≥ SGD, up to noise."""

from __future__ import annotations

from experiments.analysis.ledger import ordered
from experiments.design.designs import cell_name
from pipeline.results.study_results import StudyResults
from pipeline.results.text.titles import dataset_title
from pipeline.results.text.words import listed

# Each contains the one before as a limit.
_CHAIN = ("sgd", "momentum", "adam")


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
