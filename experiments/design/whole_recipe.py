"""Fields of a recipe that are fine alone and make no sense side by side."""

from __future__ import annotations

from experiments.errors import StudyError
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.recipe import Recipe


def check_whole(recipe: Recipe, where: str) -> None:
    """Refuse a cell's recipe whose fields contradict each other, or that can learn nothing.

    Raises
    ------
    StudyError
        If there is a block beside a field that is short for a part of one, another number of
        layer rates than of layers, or batch normalization of single examples; `where` names
        the cell.
    """
    check_block(recipe, where)
    _check_rates(recipe, where)
    _check_batch_norm(recipe, where)


def check_block(recipe: Recipe, where: str) -> None:
    """Refuse a block beside a field that is short for a part of one.

    Raises
    ------
    StudyError
        If there is both.
    """
    if not isinstance(recipe, NetworkRecipe) or not recipe.block:
        return
    for name in ("activation", "batch_norm", "dropout"):
        if getattr(recipe, name) != NetworkRecipe.model_fields[name].default:
            raise StudyError(
                f"`{where}` must say all of a hidden layer in `block`; got `{name}` beside it. "
                "Put it into the block."
            )


def _check_rates(recipe: Recipe, where: str) -> None:
    """Refuse layer rates of another number of layers than a whole recipe has."""
    if not isinstance(recipe, NetworkRecipe) or not recipe.layer_rates:
        return
    count = len(recipe.hidden) + 1
    if len(recipe.layer_rates) != count:
        raise StudyError(
            f"`{where}` must have one of `layer_rates` for each dense layer, {count} with the "
            f"last; got {list(recipe.layer_rates)}. Leave it out for 1 everywhere."
        )


def _check_batch_norm(recipe: Recipe, where: str) -> None:
    """Refuse batch normalization of one example, which leaves nothing of it."""
    if not isinstance(recipe, NetworkRecipe) or recipe.batch_size > 1:
        return
    if any(component.name == "batch_norm" for component in recipe.components):
        raise StudyError(
            f"`{where}` must have a `batch_size` of 2 or more: batch normalization subtracts the "
            "mean of a batch, which of one example is the example; got 1. Raise it."
        )
