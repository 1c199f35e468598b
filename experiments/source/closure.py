"""The modules that a run's code reaches by its imports."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from experiments.source.code import Code
from experiments.source.modules import is_near, is_ours, is_package, locate

RECIPE = "experiments.run.recipe:Recipe"


@dataclass(frozen=True)
class Closure:
    """What code reaches.

    Parameters
    ----------
    modules : tuple of str
        This project's modules and the user's own, sorted.
    packages : tuple of str
        Packages of others that the user's own modules import, sorted.
    """

    modules: tuple[str, ...]
    packages: tuple[str, ...]


@cache
def read(module: str) -> Code | None:
    """Return a module's code, without the fields of its recipes; None when it is not Python."""
    path = locate(module)
    if path is None or path.suffix != ".py":
        return None
    is_package = path.name == "__init__.py"
    code = Code(path.read_text(encoding="utf-8"), module, is_package=is_package)
    # What a field holds enters the identity of a run by its value; how it is declared does not.
    code.without_fields([name for name in code.bases() if _is_recipe(module, code, name)])
    return code


def _is_recipe(module: str, code: Code, name: str) -> bool:
    if f"{module}:{name}" == RECIPE:
        return True
    for base in code.bases().get(name, []):
        if base in code.bases() and base != name:
            if _is_recipe(module, code, base):
                return True
            continue
        for origin in _origins(module, code, tuple(base.split("."))):
            where, _, found = origin.partition(":")
            inner = read(where) if found else None
            if origin == RECIPE or (inner and where != module and _is_recipe(where, inner, found)):
                return True
    return False


@cache
def resolve(module: str, name: str) -> str:
    """Return where a name comes from, as `module:name`, or the module that it is.

    A package's `__init__` that only hands it on is passed through, so that it makes no difference
    by which way a name is imported.
    """
    if not is_package(module):
        return f"{module}:{name}"
    if locate(f"{module}.{name}") is not None:
        return f"{module}.{name}"
    code = read(module)
    if code is not None and not code.defines(name):
        for found in code.imports:
            if found.local == name:
                return resolve(found.module, found.name) if found.name else found.module
    return f"{module}:{name}"


def _origins(module: str, code: Code, chain: tuple[str, ...]) -> Iterator[str]:
    """Yield where the imports that a chain of names rests on come from."""
    for found in code.imports:
        if found.local != chain[0]:
            continue
        if not is_near(module, found.module):
            yield found.module
            continue
        if found.name is not None:
            yield resolve(found.module, found.name)
            continue
        # `import a.b` binds a, and loads a.b.
        at = found.module if found.local not in found.module.split(".")[:1] else found.local
        origin = at
        for name in chain[1:]:
            origin = resolve(origin, name)
            if ":" in origin:
                break
        yield origin


@cache
def bindings(module: str) -> frozenset[tuple[str, str]]:
    """Return each imported name that a module uses, and where it comes from."""
    code = read(module)
    if code is None:
        return frozenset()
    used = code.chains()
    bound = {(".".join(c), origin) for c in used for origin in _origins(module, code, c)}
    for found in code.imports:
        if found.local == "*":
            bound.add(("*", found.module))
        elif not is_ours(module) and not is_ours(found.module):
            # An import that nothing uses may still do something; this project's do nothing.
            near = is_near(module, found.module)
            origin = resolve(found.module, found.name) if found.name and near else found.module
            bound.add((found.local, origin))
    return frozenset(bound)


def _above(module: str) -> Iterator[str]:
    """Yield the packages around a user's module whose `__init__` does something."""
    parts = module.split(".")
    for end in range(1, len(parts)):
        package = ".".join(parts[:end])
        code = read(package)
        if code is not None and is_package(package) and not code.is_silent:
            yield package


@cache
def closure(entries: tuple[str, ...]) -> Closure:
    """Return what modules reach by their imports, themselves included.

    Parameters
    ----------
    entries : tuple of str
        Dotted names of modules.
    """
    reached: set[str] = set()
    packages: set[str] = set()
    waiting = [entry for entry in entries if locate(entry)]
    while waiting:
        module = waiting.pop()
        if module in reached:
            continue
        reached.add(module)
        if not is_ours(module):
            waiting.extend(_above(module))
        for _, origin in bindings(module):
            target = origin.partition(":")[0]
            top = target.split(".")[0]
            if is_near(module, target):
                waiting.extend([target] if locate(target) else [])
            elif not is_ours(module) and top not in sys.stdlib_module_names:
                packages.add(top)
    return Closure(tuple(sorted(reached)), tuple(sorted(packages)))
