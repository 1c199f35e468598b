"""`knockout compare A [B]`: which verdicts of two studies differ, and why."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pipeline.results.text.estimates import Row, number
from pipeline.results.text.rounding import difference, p_value
from pipeline.results.text.titles import dataset_title
from pipeline.results.text.words import counted, listed
from pipeline.results.verdicts_of import Verdicts, cost, effect, verdicts_at, verdicts_here
from pipeline.study.project import Project

# What else decides a verdict, by the field's name and in words.
_RULES = {
    "null_level": "compared with",
    "n": "replicates",
    "n_pairs": "pairs of cells",
    "margin_pp": "margin",
    "alpha": "alpha",
    "family_size": "comparisons corrected for",
}


def compare_lines(project: Project, a: str, b: str | None) -> Iterator[str]:
    """Yield what differs between two sides: settings, verdicts with their reasons, components.

    Sides are named as for `verdicts_at`; without `b` it is the study in the working tree.
    """
    first = verdicts_at(project, a)
    second = verdicts_here(project) if b is None else verdicts_at(project, b)
    for letter, side in (("A", first), ("B", second)):
        yield f"{letter}: study {side.content['study']} in {side.place}"
    yield from _settings(first, second)
    both = [(row, second.rows[key]) for key, row in first.rows.items() if key in second.rows]
    changed = [(row, later) for row, later in both if row["verdict"] != later["verdict"]]
    for row, later in changed:
        yield ""
        yield from _change(row, later)
    yield ""
    yield f"{counted(len(changed), 'verdict')} changed, {len(both) - len(changed)} did not"
    for row, later in both:
        if row["verdict"] == later["verdict"]:
            yield f"  {_name(row)}: {row['verdict']}; {_arrow(effect(row), effect(later))}"
    for letter, side, other in (("A", first, second), ("B", second, first)):
        alone: dict[str, list[str]] = {}
        for key, row in side.rows.items():
            if key not in other.rows:
                alone.setdefault(dataset_title(row["dataset"]), []).append(str(row["title"]))
        for title, names in alone.items():
            yield f"in {letter} alone: {title} {listed(names)}"


def _name(row: Row) -> str:
    return f"{dataset_title(row['dataset'])} {row['title']}"


def _arrow(before: object, after: object) -> str:
    return str(before) if before == after else f"{before} → {after}"


def _settings(first: Verdicts, second: Verdicts) -> Iterator[str]:
    """Yield what was asked, varied and held fixed in another way, once for all components."""
    if first.response != second.response:
        yield f"response: {first.response} → {second.response}; effects are of different things"
    told: dict[str, list[str]] = {}
    for key, row in first.rows.items():
        if key in second.rows:
            for line in _conditions(row, second.rows[key]):
                told.setdefault(line, []).append(str(row["dataset"]))
    for line, names in told.items():
        yield f"{listed([dataset_title(name) for name in dict.fromkeys(names)])}: {line}"


def _conditions(before: Row, after: Row) -> Iterator[str]:
    """Yield each setting of one component's comparison that differs."""
    # One that a side does not know is told where it is on: a version without a component and one
    # that leaves it off train the same.
    sides = [_recipe(row) for row in (before, after)]
    for name in dict.fromkeys(name for side in sides for name in side):
        old, new = (side.get(name) for side in sides)
        if old != new and (old or new):
            words = (name.replace("_", " "), *("–" if v is None else v for v in (old, new)))
            yield "{} {} → {}".format(*words)


def _recipe(row: Row) -> dict[str, Any]:
    """Return what the other parts of the recipe were: fixed, or varied over these levels."""
    given = row["conditioned_on"]
    varied = {name: f"varied ({', '.join(ls)})" for name, ls in given["averaged_over"].items()}
    return {**given["held_fixed"], **varied}


def _change(before: Row, after: Row) -> Iterator[str]:
    """Yield one component's verdicts, and what of them moved."""
    yield f"{_name(before)}: {before['verdict']} → {after['verdict']}"
    yield f"  effect {_arrow(effect(before), effect(after))}{_moved(before, after)}"
    p = (p_value(number(row, "p_adjusted")) for row in (before, after))
    yield f"  adjusted p {_arrow(*p)}"
    yield f"  {_arrow(before['verdict_reason'], after['verdict_reason'])}"
    rules = [
        f"{words} {before[name]} → {after[name]}"
        for name, words in _RULES.items()
        if name in before and name in after and before[name] != after[name]
    ]
    if rules:
        yield f"  {'; '.join(rules)}"
    # Other keys mean another recipe, data or source.
    runs, now = set(before["run_keys"]), set(after["run_keys"])
    same = f"the same {counted(len(now), 'run')}: the analysis changed, not the training"
    some = f"runs {len(runs)} → {len(now)}, of which both have {len(runs & now)}"
    yield f"  {same if runs == now else some}"
    (kind, old), (later, new) = cost(before), cost(after)
    if (kind, old) != (later, new):
        yield f"  {kind} {old} → {f'{later} ' * (later != kind)}{new}"


def _moved(before: Row, after: Row) -> str:
    """Say by how much an effect moved, where the two sides are independent samples."""
    # Welch (1947), degrees of freedom after Satterthwaite: the difference of two means with their
    # own variances. Runs that both sides rest on would make the interval wrong.
    if set(before["run_keys"]) & set(after["run_keys"]):
        return ""
    variances = [number(row, "sd_pp") ** 2 / row["n"] for row in (before, after)]
    total = sum(variances)
    if not total or not math.isfinite(total):
        return ""
    from scipy.stats import t

    freedom = total**2 / sum(
        v**2 / (row["n"] - 1) for v, row in zip(variances, (before, after), strict=True)
    )
    step = after["effect_pp"] - before["effect_pp"]
    half = float(t.ppf(0.975, freedom)) * math.sqrt(total)
    return f", moved by {difference(step, step - half, step + half)}"
