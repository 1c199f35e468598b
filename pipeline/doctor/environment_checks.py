"""Checks of what a study runs on: DVC's stages, installed packages, BLAS threads."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from pipeline.doctor.finding import Finding, first_of
from pipeline.study.machine import pin_threads
from pipeline.study.project import Project

_DVC_SECONDS = 60
_DECLARED = "experiments/studies/dvc.yaml:"


def check_dvc(project: Project) -> Iterator[Finding]:
    """Ask DVC which stages of this study are out of date."""
    # Without a history, DVC must be told so.
    in_git = any((folder / ".git").exists() for folder in (project.root, *project.root.parents))
    if not (project.root / ".dvc").is_dir():
        begin = "dvc init" if in_git else "dvc init --no-scm"
        yield Finding("fault", f"DVC: {project.root} has no .dvc folder.", begin)
        return
    command = [sys.executable, "-m", "dvc", "status", "--json"]
    said = ""
    try:
        done = subprocess.run(
            command,
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
    if not stale:
        yield Finding("good", "DVC: every stage of this study is up to date.")
        return
    count = "1 stage is" if len(stale) == 1 else f"{len(stale)} stages are"
    target = f" {own}" if project.declared else ""
    yield Finding("note", f"DVC: {count} out of date: {first_of(stale)}", f"dvc repro{target}")


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
