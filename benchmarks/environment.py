"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

from threadpoolctl import threadpool_info


def processor() -> str:
    """Return the processor's name, and the kernels that OpenBLAS chose for it.

    Virtual machines give one name to processors of several generations.
    """
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = (line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    name = next(names, platform.processor() or platform.machine())
    kernels = {p["architecture"] for p in threadpool_info() if p.get("architecture")}
    return ", ".join([name, *(f"{kernel} kernels" for kernel in sorted(kernels))])


def describe() -> list[str]:
    """Return one line per fact: CPU, packages, BLAS with kernel class and threads."""
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
        f"{processor()}, {os.cpu_count()} cores, {platform.system()}",
        f"Python {platform.python_version()}, {', '.join(packages)}",
        *sorted(set(blas)),
        f"OPENBLAS_CORETYPE {os.environ.get('OPENBLAS_CORETYPE', 'unset')} "
        "(JAX and PyTorch's own kernels do not heed it)",
    ]
