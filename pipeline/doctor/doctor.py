"""`knockout doctor`: check what a study rests on; each finding names what fixes it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from data_loaders.errors import DataError
from data_loaders.load import verify
from pipeline.doctor.environment_checks import check_blas, check_environment
from pipeline.doctor.finding import Finding, first_of
from pipeline.doctor.store_checks import check_store, check_tracking
from pipeline.study.dataset_card import draw_up
from pipeline.study.project import Project

Check = Callable[[Project], Iterator[Finding]]
_DVC_SECONDS = 60
_DECLARED = "experiments/studies/dvc.yaml:"


def check_data(project: Project) -> Iterator[Finding]:
    """Read every dataset of the study to its last byte: cached ones, and a user's own files."""
    for name in project.study.datasets:
        if not project.study.sources[name].builtin:
            yield _own_data(project, name)
            continue
        try:
            state = verify(name)
        except DataError as error:
            yield Finding("note", f"data, {name}: not checked: {error}")
            continue
        fetch = project.command(f"stage data {name}")
        if state == "good":
            yield Finding("good", f"data, {name}: cached, content hash as published.")
        elif state == "absent":
            yield Finding("note", f"data, {name}: not in the cache.", fetch)
        else:
            yield Finding("fault", f"data, {name}: was damaged in the cache; deleted.", fetch)


def _own_data(project: Project, name: str) -> Finding:
    """Read a user's own dataset from where the study says it is."""
    try:
        card = draw_up(project, name)
    except DataError as error:
        remedy = f"put it back as it was, or take {name} out of `study.datasets`"
        return Finding("fault", f"data, {name}: {error}", remedy)
    if not card.available:
        return Finding("fault", f"data, {name}: {' '.join(card.reasons)}", card.remedy)
    return Finding("good", f"data, {name}: readable, content hash {card.content_hash[:12]}.")


def check_dvc(project: Project) -> Iterator[Finding]:
    """Ask DVC which stages of this study are out of date."""
    # Without a history, DVC must be told so.
    in_git = any((folder / ".git").exists() for folder in (project.root, *project.root.parents))
    if not (project.root / ".dvc").is_dir():
        begin = "dvc init" if in_git else "dvc init --no-scm"
        yield Finding("fault", f"DVC: {project.root} has no .dvc folder.", begin)
        return
    try:
        done = subprocess.run(
            [sys.executable, "-m", "dvc", "status", "--json"],
            cwd=project.root,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_DVC_SECONDS,
        )
        status = json.loads(done.stdout if done.returncode == 0 else "")
    except (subprocess.TimeoutExpired, json.JSONDecodeError) as error:
        # What DVC said last tells more than that it was no JSON.
        lines = [] if isinstance(error, subprocess.TimeoutExpired) else done.stderr.splitlines()
        said = next((line for line in reversed(lines) if line.strip()), "no answer")
        remedy = "dvc status -v" if in_git else "dvc config --local core.no_scm true"
        yield Finding("fault", f"DVC: status could not be read: {said.strip()}", remedy)
        return
    if stale := sorted(_stale(project, status)):
        count = "1 stage is" if len(stale) == 1 else f"{len(stale)} stages are"
        target = f" {_DECLARED}study@{project.declared}" if project.declared else ""
        what = f"DVC: {count} out of date: {first_of(stale)}"
        yield Finding("note", what, f"dvc repro{target}")
    else:
        yield Finding("good", "DVC: every stage of this study is up to date.")


def _stale(project: Project, status: Mapping[str, object]) -> Iterator[str]:
    """Yield the stale stages that the study's own `dvc repro` would run."""
    own = f"{_DECLARED}study@{project.declared}"
    for name, reasons in status.items():
        # The question for data is asked each time: that is no news.
        if reasons != ["always changed"] and (
            name == own if project.declared else not name.startswith(_DECLARED)
        ):
            yield name


CHECKS: tuple[Check, ...] = (
    check_data,
    check_store,
    check_tracking,
    check_dvc,
    check_environment,
    check_blas,
)


def doctor(project: Project, checks: Sequence[Check] = CHECKS) -> int:
    """Print what the checks find; return the exit code, 1 when something is a fault.

    A check that breaks is a finding and stops no other.
    """
    faults = 0
    for check in checks:
        try:
            for finding in check(project):
                print(finding, flush=True)
                faults += finding.level == "fault"
        except Exception as error:
            what = f"{check.__name__} broke: {type(error).__name__}: {error}"
            print(Finding("fault", what, "report it with the lines above"))
            faults += 1
    problems = "1 problem" if faults == 1 else f"{faults or 'No'} problems"
    print(f"{problems} found.")
    return 1 if faults else 0
