"""A small study that the tests of the engine share."""

from typing import Any

import pytest

from data_loaders.datasets import Dataset
from data_loaders.load import load
from experiments.design.recipe_reader import RecipeReader
from experiments.design.study import Study, parse_study
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.run_spec import RunSpec
from tests.plans import planned

PARAMS: dict[str, Any] = {
    "name": "small",
    "datasets": ["digits"],
    "replicates": 2,
    "factors": {
        "optimizer": ["sgd", "adam"],
        "l2": {"off": 0, "on": 1e-3},
        "dropout": {"off": 0, "on": 0.2},
        "augmentation": {"off": "none", "on": {"shift": {"max_shift": 1}}},
    },
    "recipe": {"hidden": [16], "batch_size": 64, "epochs": 2},
    "tune": {"trials": 3},
}


@pytest.fixture
def params() -> dict[str, Any]:
    import copy

    return copy.deepcopy(PARAMS)


@pytest.fixture
def study(params: dict[str, Any]) -> Study:
    return parse_study(params)


def network(base: NetworkRecipe | None = None, **fields: Any) -> NetworkRecipe:
    """Return a recipe with fields as params.yaml writes them."""
    recipe = RecipeReader().read(base or NetworkRecipe(), fields, "recipe")
    assert isinstance(recipe, NetworkRecipe)
    return recipe


@pytest.fixture(scope="session")
def digits() -> Dataset:
    return load("digits")


def specs_of(study: Study, dataset: Dataset) -> dict[str, RunSpec]:
    """Return the runs of a study's first block by cell."""
    specs = planned(study, content=dataset.content_hash)
    return {spec.cell: spec for spec in specs if spec.replicate == 0}
