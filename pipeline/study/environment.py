"""What a run was made on: versions, BLAS and machine."""

from __future__ import annotations

import contextlib
import os
import platform
from functools import cache
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info


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
