"""How a recipe reaches another process: as a name, fields, and the folders of its modules."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from experiments.run.recipe import Recipe

_OURS = str(Path(__file__).resolve().parents[2])


def origin(recipe: Recipe) -> tuple[tuple[str, ...], str, dict[str, Any]]:
    """Return folders to import from, the recipe's class, and its fields."""
    fields = {name: getattr(recipe, name) for name in type(recipe).model_fields}
    return tuple(_folders(recipe)), recipe.path, fields


def arrive(folders: tuple[str, ...], path: str, fields: dict[str, Any]) -> Recipe:
    """Return the recipe that `origin` was given.

    The folders are appended to the import path: whatever a user's folders are called, this
    project's packages go before them.
    """
    sys.path.extend(folder for folder in folders if folder not in sys.path)
    module, _, name = path.partition(":")
    cls: Any = import_module(module)
    for part in name.split("."):
        cls = getattr(cls, part)
    recipe: Recipe = cls(**fields)
    return recipe


def _folders(recipe: Recipe) -> list[str]:
    """Return where the recipe's modules were imported from, in the order of the import path."""
    found = set()
    for name in recipe.entries:
        module = sys.modules.get(name) or import_module(name)
        if module.__file__:
            path = Path(module.__file__)
            up = len(name.split(".")) - (path.name != "__init__.py")
            found.add(str(path.parents[up]))
    return [folder for folder in sys.path if folder in found - {_OURS}]
