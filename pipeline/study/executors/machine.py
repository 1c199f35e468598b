"""How much of this machine a study may use: processors, memory, one BLAS thread a process."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

from experiments.errors import StudyError

VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
# Where Linux states the limits of a control group (version 2): a container's, a batch job's.
_GROUPS = Path("/sys/fs/cgroup")


def _limits(name: str) -> list[str]:
    """Return the first word of a limit's file in this process's control group and those above."""
    try:
        own = Path("/proc/self/cgroup").read_text(encoding="utf-8").rpartition("::")[2].strip()
    except OSError:
        return []
    folder = _GROUPS / own.lstrip("/")
    texts = []
    for path in (folder, *folder.parents):
        if path != _GROUPS and _GROUPS not in path.parents:
            break
        try:
            texts.append((path / name).read_text(encoding="utf-8").strip())
        except OSError:
            continue
    return [text for text in texts if not text.startswith("max")]


def cores() -> int:
    """Return on how many processors this process may run: affinity and group limits count."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    shares = [int(quota) / int(period) for quota, period in map(str.split, _limits("cpu.max"))]
    return max(1, int(min([allowed or 1, *shares])))


def memory() -> int:
    """Return how many bytes of memory all processes of a study may have together."""
    return min([psutil.virtual_memory().total, *map(int, _limits("memory.max"))])


def workers() -> int:
    """Return KNOCKOUT_WORKERS, or the number of processors that may be used.

    Raises
    ------
    StudyError
        If KNOCKOUT_WORKERS is no positive whole number.
    """
    named = os.environ.get("KNOCKOUT_WORKERS", "")
    if not named:
        return cores()
    if not named.isdecimal() or not int(named):
        raise StudyError(f"KNOCKOUT_WORKERS must be a whole number from 1; got {named!r}.")
    return int(named)


def pin_threads() -> None:
    """Pin BLAS to one thread, here and in every child process started from now on.

    More threads make two processes slower, and a float32 product by two threads is not
    bitwise the product by one.
    """
    os.environ.update(dict.fromkeys(VARIABLES, "1"))
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
