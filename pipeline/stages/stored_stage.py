"""Stage `stored`: what the report can be drawn from, and the seals of what stages leave.

Tables and networks lie in DVC's cache, which a fresh clone does not have. Stages depend on their
seals instead, small files in Git: a clone can say what would run, and the report what it is drawn
from.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from experiments.errors import StudyError
from pipeline import atomic
from pipeline.study.dataset_card import known_cards
from pipeline.study.project import Project
from pipeline.study.store.table_file import read_rows


def run(project: Project) -> None:
    """Write results/stored.json: the SHA-256 of every stored result of the study's datasets.

    The report depends on it, and on no stage that trains.
    """
    check_runs(project)
    results = project.results()
    files = (p for name in project.study.datasets for p in sorted((results / name).rglob("*")))
    write_seal(results / "stored.json", files, results)


def check_runs(project: Project) -> None:
    """Refuse a report without runs, and say which datasets will be missing from it."""
    tables = {name: project.results(name) / "runs.parquet" for name in project.study.datasets}
    with_runs = [n for n, path in tables.items() if path.exists() and read_rows(path, ["run_key"])]
    if not with_runs:
        reasons = [f"{c.name}: {'; '.join(c.reasons)}" for c in known_cards(project) if c.reasons]
        raise StudyError(
            "the report needs stored runs; there are none"
            + (f" ({', '.join(reasons)})" if reasons else "")
            + f". `dvc pull` gets them from a remote, `{project.again}` trains them."
        )
    for name in set(tables) - set(with_runs):
        print(f"{name} has no stored runs; the report leaves it out.", file=sys.stderr)


def write_seal(path: Path, files: Iterable[Path], folder: Path) -> None:
    """Write the SHA-256 of each file by its path in `folder`, in that order, as JSON."""
    names = {file.relative_to(folder).as_posix(): file for file in files if file.is_file()}
    digests = {name: _sha256(names[name]) for name in sorted(names)}
    atomic.write_text(path, json.dumps(digests, indent=1) + "\n")


def _sha256(file: Path) -> str:
    # Part by part: what takes longest of a whole table is the memory for it.
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
