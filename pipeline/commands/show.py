"""`knockout show`: the verdict table of a finished study, and where to read on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.results.text.titles import dataset_title
from pipeline.results.verdicts_of import Verdicts, cost, effect, verdicts_here
from pipeline.study.dataset_card import known_cards
from pipeline.study.project import Project

# The page's signs: a verdict is seen before it is read.
SIGNS = {"helps": "▲", "hurts": "▼", "equivalent": "◆", "depends": "■", "inconclusive": "○"}


def show_lines(project: Project) -> Iterator[str]:
    """Yield the study's verdicts, what they rest on, and where page and runs are."""
    verdicts = verdicts_here(project)
    yield f"study {verdicts.content['study']}: {verdicts.content['question']}"
    level = f"{100 * (1 - verdicts.content['alpha']):g} %"
    looks = max((row.get("n_looks", 1) for row in verdicts.content["components"]), default=1)
    together = ", at all looks together," if looks > 1 else ""
    yield (
        f"effects on {verdicts.response} with {level} intervals{together} over n paired replicates"
    )
    yield from _tables(verdicts)
    yield ""
    yield from verdicts.content.get("sureness", [])
    for card in known_cards(project):
        if not card.available:
            yield f"{dataset_title(card.name)} is unavailable and not part of this. {card.remedy}"
    page = project.reports / "index.html"
    if page.exists():
        here = Path.cwd()
        yield f"page: {page.relative_to(here) if page.is_relative_to(here) else page}"
    made = (project.root / "Makefile").exists() and not project.declared
    yield f"runs: `{'make ui' if made else project.command('ui')}` opens them in MLflow"


def _tables(verdicts: Verdicts) -> Iterator[str]:
    """Yield a table per dataset, all with the same widths."""
    tables: dict[str, list[Sequence[str]]] = {}
    for row in verdicts.content["components"]:
        if row["dataset"] not in tables:
            unit = row.get("unit", "pp")
            head = f"effect ({unit})" if unit else "effect"
            title = dataset_title(row["dataset"])
            tables[row["dataset"]] = [(title, "verdict", head, cost(row)[0], "n")]
        verdict = f"{SIGNS.get(row['verdict'], ' ')} {row['verdict']}"
        shown = (str(row["title"]), verdict, effect(row, unit=False), cost(row)[1], str(row["n"]))
        tables[row["dataset"]].append(shown)
    every = [cells for table in tables.values() for cells in table]
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    for table in tables.values():
        yield ""
        for cells in table:
            padded = [f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True)]
            yield "  ".join(padded).rstrip()
