"""The check of the tuning itself: Adam ≥ momentum ≥ SGD, up to noise."""

from __future__ import annotations

import pandas as pd

from experiments.analysis.ledger import ordered
from experiments.design.designs import cell_name
from pipeline.results.study_results import StudyResults
from pipeline.results.text.titles import dataset_title
from pipeline.results.text.words import listed

# Each contains the one before as a limit.
_CHAIN = ("sgd", "momentum", "adam")


def tuning_order(results: StudyResults) -> pd.DataFrame:
    """Return `ordered` of the optimizers among the study's levels; no rows with fewer than two."""
    study = results.study
    known = next((f for f in study.factors if len(set(f.labels) & set(_CHAIN)) > 1), None)
    arms = {
        cell_name(study.factors, {**study.baseline, known.name: label}): label
        for label in _CHAIN
        if known is not None and label in known.labels
    }
    found = ordered(results.tuning, list(arms), confidence=1 - study.alpha)
    return found.assign(simpler=found["simpler"].map(arms), richer=found["richer"].map(arms))


def order_sentences(results: StudyResults) -> list[str]:
    """Return what the check found, in one sentence; none where it says nothing."""
    found = tuning_order(results)
    found = found[found["n"] > 1]
    if found.empty:
        return []
    wrong = found[~found["holds"].astype(bool)]
    if wrong.empty:
        names = list(dict.fromkeys([*found["richer"][::-1], *found["simpler"][::-1]]))
        chain = " ≥ ".join(label for label in reversed(_CHAIN) if label in names)
        where = listed([dataset_title(name) for name in dict.fromkeys(found["dataset"])])
        return [f"Tuned {chain} up to noise on {where}, by validation accuracy, as it must be."]
    named = [
        f"{row['richer']} below {row['simpler']} on {dataset_title(row['dataset'])} by "
        f"{-row['difference_pp']:.2f} pp"
        for row in wrong.to_dict("records")
    ]
    return [f"Tuning fell short of what it must reach: {listed(named)} of validation accuracy."]
