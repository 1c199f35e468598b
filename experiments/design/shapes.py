"""Recipes that ask of a dataset's examples what their shape does not have."""

from __future__ import annotations

from experiments.design.study import Study
from experiments.errors import StudyError
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.recipe import Recipe


def check_shape(study: Study, dataset: str, shape: tuple[int, ...]) -> None:
    """Refuse what the examples' shape rules out, before anything is trained.

    Parameters
    ----------
    study : Study
        The validated study.
    dataset : str
        One of its datasets.
    shape : tuple of int
        Of one of its examples: height and width, and channels, or the columns of a table.

    Raises
    ------
    StudyError
        If a cell augments the rows of a table, divides them by 255, or shifts images by their
        whole side.
    """
    for levels in study.cells.values():
        recipe = study.recipe(dataset, levels)
        if len(shape) > 1:
            _check_shift(recipe, dataset, shape)
            continue
        if recipe.scaling == "unit":
            raise StudyError(
                f"`scaling` must be standard, minmax or none on {dataset}, a table of {shape[0]} "
                "columns; got unit, which divides pixels by 255. Use minmax."
            )
        if isinstance(recipe, NetworkRecipe) and recipe.augmentation:
            names = ", ".join(component.name for component in recipe.augmentation)
            raise StudyError(
                f"`augmentation` must be none on {dataset}, a table of {shape[0]} columns: it "
                f"works on images; got {names}. Take the factor out, or the dataset; `mixup` "
                "works on tables too."
            )


def _check_shift(recipe: Recipe, dataset: str, shape: tuple[int, ...]) -> None:
    if not isinstance(recipe, NetworkRecipe):
        return
    side = min(shape[:2])
    for component in recipe.augmentation:
        if component.name == "shift" and component.options.get("max_shift", 1) >= side:
            raise StudyError(
                f"`augmentation.shift.max_shift` must be below {side} on {dataset}, whose images "
                f"have {shape[0]} x {shape[1]} pixels; got {component.options['max_shift']}. "
                "Lower it."
            )
