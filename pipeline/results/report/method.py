"""The method box: what was tuned, what was fixed, and what the study could have seen."""

from __future__ import annotations

from typing import Any

import markupsafe
import pandas as pd

from experiments.analysis.spreads import measured_spreads
from experiments.design.feasibility import feasibility
from experiments.design.replicates import described
from pipeline.results.report.template import rendered
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.sureness import placebo_verdicts
from pipeline.results.tables.costs import step_rows
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import ratio
from pipeline.results.text.titles import dataset_title, factor_title
from pipeline.results.text.words import capitalized, listed


def method(results: StudyResults, tables: Tables) -> markupsafe.Markup:
    """Return the method box: its prose is the template's, what it says of this study is here."""
    study = results.study
    timed = {name: step_rows(results, name) for name in results.measured}
    processes = max((rows["n_processes"].max() for rows in timed.values() if len(rows)), default=0)
    shared = [dataset_title(name) for name, value in results.shared_cores.items() if value]
    fields = dict.fromkeys(factor_title(str(r.tuned)) for r in study.recipes.values())
    apart = [f for f in study.factors if f.name in study.tune.per or f.has_ranges]
    return rendered(
        "method.html.j2",
        results=results,
        study=study,
        tuned=listed(list(fields)) if len(results.tuning) else "",
        apart=listed([factor_title(f.name) for f in apart]),
        also={
            name: listed([factor_title(f) for f in more])
            for name, more in study.tune.also.items()
            if more
        },
        strengths=listed([factor_title(f.name) for f in study.factors if f.has_ranges]),
        fixed=_fixed(results),
        replicates=capitalized(replicates(results)),
        detectable=_detectable(results, tables["effects"]),
        n_processes=int(processes),
        timing={name: _checks(rows) for name, rows in timed.items()},
        shared=", ".join(shared),
        placebo=capitalized(placebo_verdicts(results, tables["cells"])),
        notes=_notes(tables["effects"]),
    )


def replicates(results: StudyResults) -> str:
    """Return how often each dataset is repeated, in words."""
    return described({dataset_title(name): n for name, n in results.study.looks.items()})


def _fixed(results: StudyResults) -> list[str]:
    varied = {factor.name for factor in results.study.factors}
    sentences = []
    for name, recipe in results.study.recipes.items():
        kept = {factor_title(k): v for k, v in recipe.as_dict().items() if k not in varied}
        if kept.get("learning rate", 0) is None:
            kept["learning rate"] = "default" if results.tuning.empty else "tuned"
        given = [f"{k} {_value(v)}" for k, v in kept.items() if v]
        off = [k for k, v in kept.items() if not v]
        rest = f"; not used: {', '.join(off)}" if off else ""
        sentences.append(f"{dataset_title(name)}: {', '.join(given)}{rest}.")
    return sentences


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "-".join(map(str, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value).replace("_", " ")


def _detectable(results: StudyResults, effects: pd.DataFrame) -> list[str]:
    if effects.empty:
        return ["Nothing has been measured yet."]
    study, titles = results.study, {name: dataset_title(name) for name in results.measured}
    n = effects.groupby("dataset", sort=False)["n"].max()
    outlooks = feasibility(
        {titles[name]: spread for name, spread in measured_spreads(effects).items()},
        looks={titles[str(name)]: (int(count),) for name, count in n.items()},
        n_comparisons=len(effects),
        margins={title: study.margin(name) for name, title in titles.items()},
        alpha=study.alpha,
        unit=Measure(study.response, study.measure).step,
    )
    known = {item.dataset: [capitalized(s) for s in item.sentences] for item in outlooks}
    every = [
        known.get(title, [f"{title}: too few replicates to say."]) for title in titles.values()
    ]
    return [sentence for sentences in every for sentence in sentences]


def _checks(rows: pd.DataFrame) -> list[str]:
    """Say whether a dataset's step costs can be believed."""
    parts = []
    for row in rows[rows["kind"] == "control"].to_dict("records"):
        verdict = "covers 1.00, as it must"
        if not row["covers"]:
            verdict = (
                "does not cover 1.00 (one control in twenty does not by chance): smaller costs "
                "than that are not to be believed"
            )
        amount = ratio(row["ratio"], row["ci_low"], row["ci_high"], places=3)
        parts.append(f"the A/A control {amount} {verdict}")
    for row in rows[rows["kind"] == "together"].to_dict("records"):
        text = f"all components together cost {ratio(row['ratio'], row['ci_low'], row['ci_high'])}"
        parts.append(f"{text}, against {ratio(row['sum_ratio'])} by the sum")
    bad = [str(title) for title in rows.loc[rows["disturbed"], "title"]]
    if bad:
        which = "all of them" if len(bad) == len(rows) else ", ".join(bad)
        parts.append(
            f"disturbed, wall time up to {rows['wall_over_cpu'].max():.2f} times CPU time: {which} "
            "— run `knockout stage time` again on a quiet machine"
        )
    return parts


def _notes(effects: pd.DataFrame) -> list[str]:
    """Return each note of the analysis once, with the components that it is about."""
    if effects.empty:
        return ["Everything: no run has finished."]
    about: dict[str, list[str]] = {}
    for row in effects.to_dict("records"):
        for note in filter(None, str(row["notes"]).split("; ")):
            about.setdefault(note, []).append(f"{dataset_title(row['dataset'])} {row['title']}")
    return [
        capitalized(note if len(who) == len(effects) else f"{note} ({', '.join(who)})")
        for note, who in about.items()
    ] or ["Nothing was left out."]
