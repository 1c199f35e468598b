"""`knockout doctor`: check what a study rests on; each finding names what fixes it.

Here are the checks of what it runs on, DVC's stages, installed packages and BLAS threads, too.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version

from pipeline.doctor.finding import Finding, first_of
from pipeline.doctor.mlflow_checks import check_tracking
from pipeline.doctor.store_checks import check_data, check_store
from pipeline.results.text.words import counted
from pipeline.study.machine import pin_threads
from pipeline.study.project import Project

_DVC_SECONDS = 60
_DECLARED = "experiments/studies/dvc.yaml:"


def doctor(project: Project, checks: Sequence[Callable[[Project], Iterator[Finding]]] = ()) -> int:
    """Print what the checks find, by default all; return the exit code, 1 for a fault.

    A check that breaks is a finding and stops no other.
    """
    every = (check_data, check_store, check_tracking, check_dvc, check_environment, check_blas)
    faults = 0
    for check in checks or every:
        try:
            for finding in check(project):
                print(finding, flush=True)
                faults += finding.level == "fault"
        except Exception as error:
            what = f"{check.__name__} broke: {type(error).__name__}: {error}"
            print(Finding("fault", what, "report it with the lines above"))
            faults += 1
    print(f"{counted(faults, 'problem') if faults else 'No problems'} found.")
    return 1 if faults else 0


def check_dvc(project: Project) -> Iterator[Finding]:
    """Ask DVC which stages of this study are out of date."""
    # Without a history, DVC must be told so.
    in_git = any((folder / ".git").exists() for folder in (project.root, *project.root.parents))
    if not (project.root / ".dvc").is_dir():
        begin = "dvc init" if in_git else "dvc init --no-scm"
        yield Finding("fault", f"DVC: {project.root} has no .dvc folder.", begin)
        return
    said = ""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "dvc", "status", "--json"],
            cwd=project.root,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_DVC_SECONDS,
        )
        said = done.stderr
        status = json.loads(done.stdout if done.returncode == 0 else "")
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        # What DVC said last tells more than that it was no JSON.
        last = next((line for line in reversed(said.splitlines()) if line.strip()), "no answer")
        remedy = "dvc status -v" if in_git else "dvc config --local core.no_scm true"
        yield Finding("fault", f"DVC: status could not be read: {last.strip()}", remedy)
        return
    own = f"{_DECLARED}study@{project.declared}"
    stale = sorted(
        name
        for name, reasons in status.items()
        # What the study's own `dvc repro` would run. Data are asked for each time: no news.
        if (name == own if project.declared else not name.startswith(_DECLARED))
        and reasons != ["always changed"]
    )
    if stale:
        many = f"{counted(len(stale), 'stage')} {'is' if len(stale) == 1 else 'are'} out of date"
        remedy = f"dvc repro {own}" if project.declared else "dvc repro"
        yield Finding("note", f"DVC: {many}: {first_of(stale)}", remedy)
    else:
        yield Finding("good", "DVC: every stage of this study is up to date.")


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
        f"{name} {found}, not {' or '.join(sorted(pinned[name]))}"
        for name in names
        if name in pinned and (found := _installed(name)) not in pinned[name]
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
