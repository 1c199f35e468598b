"""Split and scaling: those of the block, whatever a cell of it switches."""

from dataclasses import replace

import numpy as np
import pytest

from data_loaders.datasets import Dataset
from data_loaders.split import draw_split
from experiments.design.study import Study
from experiments.run.execute import parts
from experiments.run.run_spec import RunSpec
from tests.experiments.conftest import specs_of
from tests.plans import planned


def test_the_runs_of_a_block_share_split_and_scaling(study: Study, digits: Dataset) -> None:
    first, *others = (parts(spec, digits) for spec in specs_of(study, digits).values())
    for split, scaling in others:
        np.testing.assert_array_equal(split.train, first[0].train)
        np.testing.assert_array_equal(split.validation, first[0].validation)
        np.testing.assert_array_equal(split.test, first[0].test)
        assert scaling == first[1]


def others_of(study: Study, digits: Dataset, spec: RunSpec) -> dict[str, tuple[RunSpec, Dataset]]:
    later = next(s for s in planned(study, content=digits.content_hash) if s.replicate == 1)
    fraction = spec.recipe.with_fields({"validation_fraction": 0.3})
    return {
        "replicate": (later, digits),
        "seed": (replace(spec, seed=spec.seed + 1), digits),
        "fraction": (replace(spec, recipe=fraction), digits),
        "dataset": (spec, replace(digits, x=digits.x[:900], y=digits.y[:900])),
    }


@pytest.mark.parametrize("what", ["replicate", "seed", "fraction", "dataset"])
def test_another_block_has_a_split_of_its_own(study: Study, digits: Dataset, what: str) -> None:
    spec = specs_of(study, digits)["baseline"]
    before, _ = parts(spec, digits)
    other, dataset = others_of(study, digits, spec)[what]
    after, _ = parts(other, dataset)
    assert not np.array_equal(after.validation, before.validation)
    # Whatever was set up before, the split is that of its own stream.
    drawn = draw_split(
        dataset,
        validation_fraction=other.recipe.validation_fraction,
        rng=other.generator("split"),
    )
    np.testing.assert_array_equal(after.train, drawn.train)
