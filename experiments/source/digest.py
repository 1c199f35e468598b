"""The digest of the source that a run uses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import import_module, metadata

import numpy as np

from experiments.source.closure import bindings, closure, read
from experiments.source.code import Code
from experiments.source.modules import locate


def digest_source(text: str) -> str:
    """Return the SHA-256 of what Python code does: imports, comments and layout left out.

    Examples
    --------
    >>> digest_source("x = 1  # one") == digest_source("x  =  1")
    True
    """
    return hashlib.sha256(Code(text).canonical().encode()).hexdigest()


@cache
def _module_digest(module: str) -> str:
    code, path = read(module), locate(module)
    assert path is not None
    if code is None:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    lines = [code.canonical(), *(f"{name} {origin}" for name, origin in sorted(bindings(module)))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def numpy_version() -> str:
    """Return the part of NumPy's version that results may depend on.

    Its policy lets random streams and the rounding of functions change in minor releases only.
    """
    return ".".join(np.__version__.split(".")[:2])


@cache
def _package_version(package: str) -> str:
    """Return the whole version of a package of others: any release may change a result."""
    if package == "numpy":
        return numpy_version()
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        # It is installed under another name than it is imported by, as scikit-learn is.
        return str(getattr(import_module(package), "__version__", "unknown"))


def module_digests(entries: Iterable[str]) -> dict[str, str]:
    """Return a digest for each module that the entries reach, and the versions of packages.

    Parameters
    ----------
    entries : iterable of str
        Dotted names, such as "experiments.run.execute" and "nn.optimizers.adam".
    """
    reached = closure(tuple(sorted(set(entries))))
    digests = {module: _module_digest(module) for module in reached.modules}
    packages = sorted({"numpy", *reached.packages})
    return digests | {package: f"version {_package_version(package)}" for package in packages}


def digest_of_modules(digests: dict[str, str]) -> str:
    """Return one digest over what `module_digests` returned."""
    lines = [f"{name} {digest}" for name, digest in sorted(digests.items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def source_digest(entries: Iterable[str]) -> str:
    """Return one digest over everything that the entries reach."""
    return digest_of_modules(module_digests(entries))
