"""How a whole study looks in MLflow: its page as an artifact, its verdicts in the note."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.results.text.rounding import decimals, signed
from pipeline.tracking.records.record import NOTE_TAG, Record

PAGE = "index.html"
_LONGEST_NOTE = 8000  # MLflow refuses longer tags


def study_record(
    verdicts: Mapping[str, Any],
    page: Path,
    provenance: Mapping[str, str],
    *,
    links: Mapping[str, str],
) -> Record:
    """Return what MLflow is to hold of a study's answer.

    Parameters
    ----------
    verdicts : mapping
        The content of `results/verdicts.json`.
    page : Path
        The report, one file.
    provenance : mapping of str to str
        Tags that tie to the revision.
    links : mapping of str to str
        Per dataset, where its cells are in the UI.
    """
    study, made = str(verdicts["study"]), round(page.stat().st_mtime * 1000)
    components = verdicts["components"]
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
        metrics=(),
        provenance=provenance,
        artifacts=lambda: {
            PAGE: page.read_text(encoding="utf-8"),
            "verdicts.json": json.dumps(components, indent=1, ensure_ascii=False) + "\n",
        },
    )


def study_note(verdicts: Mapping[str, Any], links: Mapping[str, str]) -> str:
    """Return the verdict on each component as Markdown, a line each, cut to what MLflow takes."""
    lines = [
        f"**{verdicts['question']}** The whole page: artifact `{PAGE}`.",
        "",
        *(f"Cells of [{dataset}]({link}).  " for dataset, link in links.items()),
        "",
        *_table(verdicts["components"], str(verdicts["response_title"])),
        "",
    ]
    lines += [f"- {component['sentence']}" for component in verdicts["components"]]
    return "\n".join(_fitting(lines))


def _table(components: Sequence[Mapping[str, Any]], title: str) -> Iterator[str]:
    yield f"| dataset | component | verdict | {title} | interval |"
    yield "|---|---|---|---|---|"
    for row in components:
        names = ("effect_pp", "ci_low_pp", "ci_high_pp")
        values = [float(row[name]) for name in names if row.get(name) is not None]
        numbers = "– | –"
        if len(values) == len(names):
            effect, low, high = values
            places = decimals(low, high)
            ends = f"{signed(low, places)} to {signed(high, places)}"
            numbers = f"{signed(effect, places)} {row['unit']} | {ends}"
        cells = [str(row[name]).replace("|", "\\|") for name in ("dataset", "title", "verdict")]
        yield f"| {' | '.join(cells)} | {numbers} |"


def _fitting(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines as long as they fit into one tag, whole ones only."""
    room = _LONGEST_NOTE
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            return
        yield line
