"""What a run was made on: versions, BLAS and machine."""

from __future__ import annotations

import os
import platform
from functools import cache

import numpy as np
from threadpoolctl import threadpool_info


@cache
def environment() -> dict[str, str]:
    """Return versions, BLAS with its kernel class and threads, processor and platform."""
    blas: dict[str, object] = next(
        (lib for lib in threadpool_info() if lib["user_api"] == "blas"), {}
    )
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


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123 - not a project path
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
