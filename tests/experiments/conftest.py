"""A small study that the tests of the engine share."""

from typing import Any

import pytest

from experiments.design.study import Study, parse_study

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
