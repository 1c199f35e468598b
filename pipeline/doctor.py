"""`knockout doctor`: check what a study rests on; each finding names what mends it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version

from data_loaders.errors import DataError
from data_loaders.load import verify
from pipeline.executors.threads import pin_threads
from pipeline.finding import Finding
from pipeline.plans import planned
from pipeline.project import Project
from pipeline.tracking.health import tracking_findings

Check = Callable[[Project], Iterator[Finding]]
_DVC_SECONDS = 60


def check_tracking(project: Project) -> Iterator[Finding]:
    """Compare MLflow with plan and store."""
    expected = {}
    for dataset in project.study.datasets:
        folder = project.results(dataset)
        ready = (folder / "dataset.json").exists() and (folder / "tuning.parquet").exists()
        specs = planned(project, dataset) if ready else []
        expected[dataset] = {s.run_key for s in specs if s.run_key in project.store}
    yield from tracking_findings(project.root, project.study.name, expected)


def check_data(project: Project) -> Iterator[Finding]:
    """Read every cached dataset of the study to its last byte."""
    for name in project.study.datasets:
        try:
            state = verify(name)
        except DataError as error:
            yield Finding("note", f"data, {name}: not checked: {error}")
            continue
        fetch = f"knockout stage data {name}"
        if state == "good":
            yield Finding("good", f"data, {name}: cached, content hash as published.")
        elif state == "absent":
            yield Finding("note", f"data, {name}: not in the cache.", fetch)
        else:
            yield Finding("fault", f"data, {name}: was damaged in the cache; deleted.", fetch)


def check_dvc(project: Project) -> Iterator[Finding]:
    """Ask DVC which stages are out of date."""
    if not (project.root / ".dvc").is_dir():
        yield Finding("fault", f"DVC: {project.root} has no .dvc folder.", "dvc init")
        return
    command = [sys.executable, "-m", "dvc", "status", "--json"]
    try:
        done = subprocess.run(
            command, cwd=project.root, capture_output=True, text=True, timeout=_DVC_SECONDS
        )
        stale = json.loads(done.stdout) if done.returncode == 0 else None
        # The question for data is asked each time: that is no news.
        stale = stale and {name: why for name, why in stale.items() if why != ["always changed"]}
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        stale, done = None, None
    if stale is None:
        said = (done.stderr.strip().splitlines() or [""])[-1] if done else "no answer"
        yield Finding("fault", f"DVC: status could not be read: {said}", "dvc status -v")
    elif stale:
        shown = ", ".join(sorted(stale)[:4]) + (", …" if len(stale) > 4 else "")
        yield Finding("note", f"DVC: {len(stale)} stages are out of date: {shown}", "dvc repro")
    else:
        yield Finding("good", "DVC: every stage is up to date.")


def check_environment(project: Project) -> Iterator[Finding]:
    """Compare the installed packages with uv.lock."""
    lock, declared = project.root / "uv.lock", project.root / "pyproject.toml"
    if not (lock.exists() and declared.exists()):
        yield Finding("note", "environment: no uv.lock here; not checked.")
        return
    pinned: dict[str, set[str]] = {}
    for package in tomllib.loads(lock.read_text(encoding="utf-8"))["package"]:
        # One name may have several versions, for different Pythons.
        pinned.setdefault(package["name"], set()).add(package.get("version", ""))
    needed = tomllib.loads(declared.read_text(encoding="utf-8"))["project"]["dependencies"]
    names = [re.split(r"[^A-Za-z0-9._-]", entry, maxsplit=1)[0].lower() for entry in needed]
    differing = [
        f"{name} {_installed(name)}, not {' or '.join(sorted(pinned[name]))}"
        for name in names
        if name in pinned and _installed(name) not in pinned[name]
    ]
    if differing:
        yield Finding("fault", f"environment: {', '.join(differing)}", "make -B env")
    else:
        yield Finding("good", f"environment: {len(names)} packages as in uv.lock.")


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def check_blas(_project: Project) -> Iterator[Finding]:
    """Say which BLAS computes, and whether it keeps to one thread when told."""
    import numpy  # noqa: F401 - loads the BLAS that is asked about
    from threadpoolctl import threadpool_info

    pin_threads()
    for library in threadpool_info():
        if library["user_api"] != "blas":
            continue
        kernel = library.get("architecture", "unknown kernels")
        name = f"{library['internal_api']} {library['version']} ({kernel})"
        if library["num_threads"] == 1:
            yield Finding("good", f"BLAS: {name}, one thread; bit-equal on these kernels only.")
        else:
            yield Finding(
                "fault",
                f"BLAS: {name} keeps {library['num_threads']} threads: slower in two workers, "
                "and float32 products differ between 1 and 2 threads.",
                "export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1",
            )


CHECKS: tuple[Check, ...] = (
    check_data,
    check_tracking,
    check_dvc,
    check_environment,
    check_blas,
)


def findings(project: Project, checks: Sequence[Check] = CHECKS) -> Iterator[Finding]:
    """Yield what the checks find; a check that breaks is a finding and stops no other."""
    for check in checks:
        try:
            yield from check(project)
        except Exception as error:
            name = getattr(check, "__name__", "check")
            what = f"{name} broke: {type(error).__name__}: {error}"
            yield Finding("fault", what, "report it with the lines above")


def doctor(
    project: Project,
    *,
    checks: Sequence[Check] = CHECKS,
    say: Callable[[str], object] = print,
) -> int:
    """Say every finding; return the exit code, 1 when one is a fault."""
    faults = 0
    for finding in findings(project, checks):
        say(str(finding))
        faults += finding.level == "fault"
    say("Nothing to mend." if not faults else f"{faults} to mend.")
    return 1 if faults else 0
