"""The machine: how much of it a study may use, and what runs are made on."""

from __future__ import annotations

import contextlib
import os
import platform
from functools import cache
from pathlib import Path

import numpy as np
import psutil
from threadpoolctl import threadpool_info, threadpool_limits

from experiments.errors import StudyError
from pipeline.study.settings import RunSettings

VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
# Where Linux states the limits of a control group (version 2): a container's, a batch job's.
_GROUPS = Path("/sys/fs/cgroup")


def _limits(name: str) -> list[str]:
    """Return the first word of a limit's file in this process's control group and those above."""
    try:
        own = Path("/proc/self/cgroup").read_text(encoding="utf-8").rpartition("::")[2].strip()
    except OSError:
        return []
    folder, texts = _GROUPS / own.lstrip("/"), []
    for path in (folder, *folder.parents):
        if path.is_relative_to(_GROUPS):
            with contextlib.suppress(OSError):
                texts.append((path / name).read_text(encoding="utf-8").strip())
    return [text for text in texts if not text.startswith("max")]


def cores() -> int:
    """Return on how many processors this process may run: affinity and group limits count."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    shares = [int(quota) / int(period) for quota, period in map(str.split, _limits("cpu.max"))]
    return max(1, int(min([allowed or 1, *shares])))


def memory() -> int:
    """Return how many bytes of memory all processes of a study may have together."""
    return min([psutil.virtual_memory().total, *map(int, _limits("memory.max"))])


def workers_of(run: RunSettings) -> int:
    """Return how many runs are executed at a time: KNOCKOUT_WORKERS, or one on each processor.

    Raises
    ------
    StudyError
        If KNOCKOUT_WORKERS is no positive whole number.
    """
    if run.executor == "in-process":
        return 1
    named = os.environ.get("KNOCKOUT_WORKERS", "")
    if named and (not named.isdecimal() or not int(named)):
        raise StudyError(f"KNOCKOUT_WORKERS must be a whole number from 1; got {named!r}.")
    return int(named) if named else cores()


def pin_threads() -> None:
    """Pin BLAS to one thread, here and in every child process started from now on.

    More threads make two processes slower, and a float32 product by two threads is not
    bitwise the product by one.
    """
    os.environ.update(dict.fromkeys(VARIABLES, "1"))
    threadpool_limits(1, user_api="blas")


@cache
def environment() -> dict[str, str]:
    """Return versions, BLAS with its kernel class and threads, processor and platform."""
    blas = _own_blas()
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": f"{blas.get('internal_api', 'unknown')} {blas.get('version', '')}".strip(),
        "blas_kernels": str(blas.get("architecture", "unknown")),
        "blas_threads": str(blas.get("num_threads", "unknown")),
        "cpu": _processor(),
        "cores": str(os.cpu_count()),
        "platform": f"{platform.system()} {platform.machine()}",
    }


def _own_blas() -> dict[str, object]:
    """Return what is known of NumPy's BLAS; SciPy and others may have loaded theirs before."""
    found = [lib for lib in threadpool_info() if lib["user_api"] == "blas"]
    package = str(Path(np.__file__).parent)
    own = [lib for lib in found if str(lib["filepath"]).startswith((package, f"{package}.libs"))]
    return next(iter([*own, *found]), {})


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
