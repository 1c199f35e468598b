"""Checks of what computes: installed packages and BLAS threads."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from pipeline.doctor.finding import Finding
from pipeline.study.executors.machine import pin_threads
from pipeline.study.project import Project


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
