"""Recipes that ask of a table what only images have."""

from __future__ import annotations

from experiments.design.arms import study_cells
from experiments.design.study import Study
from experiments.errors import StudyError
from experiments.network.network_recipe import NetworkRecipe


def check_shape(study: Study, dataset: str, shape: tuple[int, ...]) -> None:
    """Refuse what works on images alone, before anything is trained on a table.

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
        If a cell augments the rows of a table, or divides them by 255.
    """
    if len(shape) > 1:
        return
    for levels in study_cells(study):
        recipe = study.recipe(dataset, levels)
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
