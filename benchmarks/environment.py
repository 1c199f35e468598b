"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

from threadpoolctl import threadpool_info


def describe() -> list[str]:
    """Return one line per fact: CPU, packages, BLAS with kernel class and threads."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        cpu = next((s.split(":")[1].strip() for s in lines if s.startswith("model name")), cpu)
    packages = []
    for name in ("numpy", "scikit-learn", "torch", "jax"):
        try:
            packages.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            packages.append(f"{name} not installed")
    blas = [
        f"{p['internal_api']} {p['version']}, kernels {p.get('architecture')}, "
        f"{p['num_threads']} thread(s)"
        for p in threadpool_info()
        if p["user_api"] == "blas"
    ]
    return [
        f"{cpu}, {os.cpu_count()} cores, {platform.system()}",
        f"Python {platform.python_version()}, {', '.join(packages)}",
        *sorted(set(blas)),
        f"OPENBLAS_CORETYPE {os.environ.get('OPENBLAS_CORETYPE', 'unset')} "
        "(JAX and PyTorch's own kernels do not heed it)",
    ]
