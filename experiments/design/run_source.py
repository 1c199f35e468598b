"""The source that a run uses."""

from __future__ import annotations

from functools import cache

from experiments.run.recipe import Recipe
from experiments.source.digest import source_digest


def modules_of(recipe: Recipe) -> tuple[str, ...]:
    """Return the modules whose code, with all that it imports, decides what a run computes."""
    return ("experiments.run.execute", *recipe.entries)


def digest_of(recipe: Recipe) -> str:
    """Return the source digest of a run of this recipe."""
    return _digest(modules_of(recipe))


# Once for all the recipes that use the same: a process does not change its source.
_digest = cache(source_digest)
