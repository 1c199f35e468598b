"""How a whole study looks in MLflow: its page as an artifact, its verdicts in the note."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.analysis.verdicts import WORDS
from pipeline.results.text.markup import escape_markdown
from pipeline.results.text.rounding import difference
from pipeline.tracking.records.record import NOTE_TAG, Record

PAGE = "index.html"
_LONGEST_NOTE = 8000  # MLflow refuses longer tags


def study_record(verdicts: Mapping[str, Any], page: Path, links: Mapping[str, str]) -> Record:
    """Return what MLflow is to hold of a study's answer.

    Takes the content of `results/verdicts.json`, the report's one file, and the addresses of the
    datasets' cells in the UI.
    """
    study, made = str(verdicts["study"]), round(page.stat().st_mtime * 1000)
    rows = json.dumps(verdicts["components"], indent=1, ensure_ascii=False) + "\n"
    return Record(
        key=f"study/{study}",
        name=study,
        status="FINISHED",
        start=made,
        end=made,
        params={"response": str(verdicts["response"]), "datasets": ", ".join(links)},
        tags={
            "study": study,
            "page_sha256": hashlib.sha256(page.read_bytes()).hexdigest(),
            NOTE_TAG: study_note(verdicts, links),
        },
        artifacts=lambda: {PAGE: page.read_text(encoding="utf-8"), "verdicts.json": rows},
    )


def study_note(verdicts: Mapping[str, Any], links: Mapping[str, str]) -> str:
    """Return the verdict on each component as Markdown, a line each, cut to what MLflow takes."""
    components = verdicts["components"]
    lines = [
        # The UI shows a few lines and folds the rest away: the answer goes first.
        *_answer(components, links),
        "",
        f"**{verdicts['question']}** The whole page: artifact `{PAGE}`.",
        "",
        f"| dataset | component | verdict | {verdicts['response_title']} |",
        "|---|---|---|---|",
        *(_row(component) for component in components),
        "",
        *(f"- {component['sentence']}" for component in components),
    ]
    note = "\n".join(lines)
    return note if len(note) <= _LONGEST_NOTE else note[:_LONGEST_NOTE].rpartition("\n")[0]


def _answer(components: Sequence[Mapping[str, Any]], links: Mapping[str, str]) -> Iterator[str]:
    """Yield a line per dataset: its components by verdict, the dataset linked to its cells."""
    for dataset in dict.fromkeys(str(component["dataset"]) for component in components):
        name = f"[{dataset}]({links[dataset]})" if dataset in links else escape_markdown(dataset)
        titles: dict[str, list[str]] = {word: [] for word in WORDS}
        for component in components:
            if component["dataset"] == dataset:
                titles.setdefault(component["verdict"], []).append(
                    escape_markdown(component["title"])
                )
        named = (f"**{word}** {', '.join(of)}" for word, of in titles.items() if of)
        yield f"{name}: {'; '.join(named)}.  "


def _row(component: Mapping[str, Any]) -> str:
    names = [escape_markdown(component[name]) for name in ("dataset", "title", "verdict")]
    ends: list[Any] = [component.get(n) for n in ("effect_pp", "ci_low_pp", "ci_high_pp")]
    amount = "–" if None in ends else f"{difference(*ends)} {component['unit']}"
    return f"| {' | '.join(names)} | {amount} |"
