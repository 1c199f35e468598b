"""Where modules lie, and whose they are."""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("nn", "data_loaders", "experiments")
"""This project's packages whose code can change what a run computes."""
_INSTALLED = {"site-packages", "dist-packages"}


def is_ours(module: str) -> bool:
    """Return whether a module is part of this project."""
    return module.split(".")[0] in PACKAGES


@cache
def locate(module: str) -> Path | None:
    """Return the file of a module, `__init__.py` for a package; None when there is none."""
    top, *rest = module.split(".")
    if is_ours(module):
        folders = [ROOT / top]
    else:
        try:
            spec = find_spec(top)
        except (ImportError, ValueError):
            spec = None
        if spec is None:
            return None
        if not rest and spec.origin and Path(spec.origin).is_file():
            return Path(spec.origin)
        folders = [Path(folder) for folder in spec.submodule_search_locations or ()]
    for folder in folders:
        path = folder.joinpath(*rest)
        for file in (path / "__init__.py", path.with_suffix(".py")):
            if file.is_file():
                return file
        found = sorted(path.parent.glob(f"{path.name}.*.so")) if rest else []
        if found:
            return found[0]
    return None


def is_package(module: str) -> bool:
    """Return whether a module is a package, with an `__init__` or without."""
    path = locate(module)
    return path is None or path.name == "__init__.py"


def _home(module: str) -> tuple[str, Path | None]:
    """Return a user's module's outermost package, and the folder that it lies in.

    None for an installed package: what lies beside it is not of the same make.
    """
    path, top = locate(module), module.split(".")[0]
    if path is None:
        return top, None
    root = path.parents[len(module.split(".")) - (path.name != "__init__.py")]
    return top, None if _INSTALLED & set(root.parts) else root


@cache
def is_near(importer: str, module: str) -> bool:
    """Return whether a module's code counts for that of an importer: ours, or of its own make."""
    top = module.split(".")[0]
    if is_ours(module) or is_ours(importer) or top in sys.stdlib_module_names:
        return is_ours(module)
    (own, root), (_, other) = _home(importer), _home(module)
    return top == own or (root is not None and root == other)
