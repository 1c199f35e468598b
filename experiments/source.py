"""The digest of the source that a run uses."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Packages whose code can change what a run computes. Their __init__ files only hand names on,
# and a walk through them would tie every run to every component.
PACKAGES = ("nn", "data_loaders", "experiments")


def _without_docstrings(tree: ast.AST) -> ast.AST:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = node.body[1:] or [ast.Pass()]
    return tree


def digest_source(text: str) -> str:
    """Return the SHA-256 of what Python code does: comments, docstrings and layout left out.

    Examples
    --------
    >>> digest_source("x = 1  # one") == digest_source("x  =  1")
    True
    """
    return hashlib.sha256(ast.dump(_without_docstrings(ast.parse(text))).encode()).hexdigest()


def _file(module: str) -> Path | None:
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    return path if path.is_file() else None


@cache
def _imports(module: str) -> tuple[str, ...]:
    """Return the modules of this project that a module's code names in its imports."""
    path = _file(module)
    assert path is not None
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(sorted(n for n in found if n.split(".")[0] in PACKAGES and _file(n)))


@cache
def _module_digest(module: str) -> str:
    path = _file(module)
    assert path is not None
    return digest_source(path.read_text())


@cache
def closure(modules: tuple[str, ...]) -> tuple[str, ...]:
    """Return the modules and all that they import, sorted by name."""
    reached: set[str] = set()
    waiting = [module for module in modules if _file(module)]
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting.extend(_imports(module))
    return tuple(sorted(reached))


def module_digests(modules: Iterable[str]) -> dict[str, str]:
    """Return a digest for each module in the closure of `modules`."""
    return {name: _module_digest(name) for name in closure(tuple(sorted(modules)))}


def source_digest(modules: Iterable[str]) -> str:
    """Return one digest over everything that `modules` reach.

    Parameters
    ----------
    modules : iterable of str
        Dotted names, such as "experiments.run.execute" and "nn.optimizers.adam".
    """
    lines = [f"{name} {digest}" for name, digest in module_digests(modules).items()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
