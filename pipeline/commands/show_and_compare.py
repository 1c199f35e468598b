"""`knockout show` and `knockout compare`: the verdicts of one study, and what two differ in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.results.text.estimates import Row, number
from pipeline.results.text.rounding import difference, p_value
from pipeline.results.text.titles import dataset_title
from pipeline.results.text.words import counted, listed
from pipeline.results.verdicts_of import cost, effect, verdicts_at, verdicts_here
from pipeline.study.dataset_card import known_cards
from pipeline.study.project import Project

# The page's signs: a verdict is seen before it is read.
_SIGNS = {"helps": "▲", "hurts": "▼", "equivalent": "◆", "depends": "■", "inconclusive": "○"}
# What else decides a verdict, by the field's name and in words.
_RULES = {
    "null_level": "compared with",
    "n": "replicates",
    "n_pairs": "pairs of cells",
    "margin_pp": "margin",
    "alpha": "alpha",
    "family_size": "comparisons corrected for",
}


def show_lines(project: Project) -> Iterator[str]:
    """Yield the study's verdicts, what they rest on, and where page and runs are."""
    verdicts = verdicts_here(project)
    content = verdicts.content
    yield f"study {content['study']}: {content['question']}"
    level = f"{100 * (1 - content['alpha']):g} %"
    looks = max((row.get("n_looks", 1) for row in content["components"]), default=1)
    together = ", at all looks together," if looks > 1 else ""
    yield (
        f"effects on {verdicts.response} with {level} intervals{together} over n paired replicates"
    )
    yield from _tables(content["components"])
    yield ""
    yield from content.get("sureness", [])
    for card in known_cards(project):
        if not card.available:
            yield f"{dataset_title(card.name)} is unavailable and not part of this. {card.remedy}"
    page, here = project.reports / "index.html", Path.cwd()
    if page.exists():
        yield f"page: {page.relative_to(here) if page.is_relative_to(here) else page}"
    made = (project.root / "Makefile").exists() and not project.declared
    yield f"runs: `{'make ui' if made else project.command('ui')}` opens them in MLflow"


def _tables(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a table per dataset, all with the same widths."""
    tables: dict[str, list[Sequence[str]]] = {}
    for row in rows:
        kind, price = cost(row)
        unit = row.get("unit", "pp")
        head = f"effect ({unit})" if unit else "effect"
        # The first of a dataset says what its columns are.
        heads = (dataset_title(row["dataset"]), "verdict", head, kind, "n")
        verdict = f"{_SIGNS.get(row['verdict'], ' ')} {row['verdict']}"
        shown = (str(row["title"]), verdict, effect(row, unit=False), price, str(row["n"]))
        tables.setdefault(row["dataset"], [heads]).append(shown)
    every = [cells for table in tables.values() for cells in table]
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    for table in tables.values():
        yield ""
        for cells in table:
            padded = [f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True)]
            yield "  ".join(padded).rstrip()


def compare_lines(project: Project, a: str, b: str | None) -> Iterator[str]:
    """Yield what differs between two sides: settings, verdicts with their reasons, components.

    Sides are named as for `verdicts_at`; without `b` it is the study in the working tree.
    """
    first = verdicts_at(project, a)
    second = verdicts_here(project) if b is None else verdicts_at(project, b)
    for letter, side in (("A", first), ("B", second)):
        yield f"{letter}: study {side.content['study']} in {side.place}"
    if first.response != second.response:
        yield f"response: {first.response} → {second.response}; effects are of different things"
    both = [(row, second.rows[key]) for key, row in first.rows.items() if key in second.rows]
    # What was varied and held fixed in another way is told once for all components.
    told: dict[str, list[str]] = {}
    for row, later in both:
        for line in _conditions(row, later):
            told.setdefault(line, []).append(dataset_title(row["dataset"]))
    for line, titles in told.items():
        yield f"{listed(list(dict.fromkeys(titles)))}: {line}"
    same = [(row, later) for row, later in both if row["verdict"] == later["verdict"]]
    for row, later in both:
        if row["verdict"] != later["verdict"]:
            yield ""
            yield from _change(row, later)
    yield ""
    yield f"{counted(len(both) - len(same), 'verdict')} changed, {len(same)} did not"
    for row, later in same:
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


def _conditions(before: Row, after: Row) -> Iterator[str]:
    """Yield each setting of one component's comparison that differs."""
    # One that a side does not know is told where it is on: a version without a component and one
    # that leaves it off train the same.
    old, new = _recipe(before), _recipe(after)
    for name in {**old, **new}:
        sides = old.get(name), new.get(name)
        if sides[0] != sides[1] and any(sides):
            words = ("–" if value is None else value for value in sides)
            yield f"{name.replace('_', ' ')} {' → '.join(map(str, words))}"


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
