"""A run ready to train: the same for every cell of its block, but for what the cell switches."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data_loaders.datasets import Dataset
from data_loaders.split import draw_split
from experiments.design.plan import plan
from experiments.design.study import Study, parse_study
from experiments.run.run_setup import RunSetup, set_up
from experiments.run.run_spec import RunSpec
from tests.experiments.run.conftest import RATES, specs_of


def rates_of(setup: RunSetup, **changes: Any) -> list[float]:
    return [record.learning_rate for record in setup.train(**changes)]  # type: ignore[union-attr]


def test_the_runs_of_a_block_share_split_and_scaling(study: Study, digits: Dataset) -> None:
    first, *others = (set_up(spec, digits) for spec in specs_of(study, digits).values())
    for other in others:
        np.testing.assert_array_equal(other.split.train, first.split.train)
        np.testing.assert_array_equal(other.split.validation, first.split.validation)
        np.testing.assert_array_equal(other.split.test, first.split.test)
        assert other.scaling == first.scaling


def others_of(study: Study, digits: Dataset, spec: RunSpec) -> dict[str, tuple[RunSpec, Dataset]]:
    later = next(s for s in plan(study, "digits", digits.content_hash, RATES) if s.replicate == 1)
    fraction = spec.recipe.with_fields({"validation_fraction": 0.3})
    return {
        "replicate": (later, digits),
        "seed": (replace(spec, seed=spec.seed + 1), digits),
        "streams": (replace(spec, arm="tuning"), digits),
        "fraction": (replace(spec, recipe=fraction), digits),
        "dataset": (spec, replace(digits, x=digits.x[:900], y=digits.y[:900])),
    }


@pytest.mark.parametrize("what", ["replicate", "seed", "streams", "fraction", "dataset"])
def test_another_block_has_a_split_of_its_own(study: Study, digits: Dataset, what: str) -> None:
    spec = specs_of(study, digits)["baseline"]
    before = set_up(spec, digits)
    other, dataset = others_of(study, digits, spec)[what]
    after = set_up(other, dataset)
    assert not np.array_equal(after.split.validation, before.split.validation)
    # Whatever was set up before, the split is that of its own stream.
    drawn = draw_split(
        dataset,
        validation_fraction=other.recipe.validation_fraction,
        rng=other.generator("split"),
    )
    np.testing.assert_array_equal(after.split.train, drawn.train)


def test_warm_up_counts_in_epochs(params: dict[str, Any], digits: Dataset) -> None:
    params["recipe"] |= {"epochs": 3, "schedule": "constant", "warmup": 2}
    setup = set_up(specs_of(parse_study(params), digits)["baseline"], digits)
    np.testing.assert_allclose(rates_of(setup), [0.05, 0.1, 0.1])


def test_other_batches_leave_warm_up_as_it_is(params: dict[str, Any], digits: Dataset) -> None:
    params["recipe"] |= {"schedule": "constant", "warmup": 1}
    setup = set_up(specs_of(parse_study(params), digits)["baseline"], digits)
    half = list(setup.batches)[: len(setup.batches) // 2]
    share = len(half) / len(setup.batches)
    rates = rates_of(setup, batches=half, epochs=3)
    np.testing.assert_allclose(rates, [0.1 * min(1, epoch * share) for epoch in (1, 2, 3)])


def test_a_run_without_a_learning_rate_is_refused(study: Study, digits: Dataset) -> None:
    spec = specs_of(study, digits)["baseline"]
    untuned = replace(spec, recipe=spec.recipe.with_fields({"learning_rate": None}))
    with pytest.raises(ValueError, match="baseline needs a learning rate; got none"):
        set_up(untuned, digits).train()
