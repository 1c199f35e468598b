"""The dataset that the tests of runs share, and the first block of a study on it."""

import pytest

from data_loaders.datasets import Dataset
from data_loaders.load import load
from experiments.design.plan import plan
from experiments.design.study import Study
from experiments.run.run_spec import RunSpec

RATES = {"sgd": 0.1, "adam": 0.003}


@pytest.fixture(scope="session")
def digits() -> Dataset:
    return load("digits")


def specs_of(study: Study, dataset: Dataset) -> dict[str, RunSpec]:
    """Return the runs of a study's first block by cell."""
    planned = plan(study, "digits", dataset.content_hash, RATES)
    return {spec.cell: spec for spec in planned if spec.replicate == 0}
