import math
from dataclasses import replace

import numpy as np
import pytest

from data_loaders.datasets import Dataset, Feature
from data_loaders.facts import facts, majority_share
from data_loaders.load import load

RNG = np.random.default_rng(0)


def table(y, x=None, **options):
    x = RNG.normal(size=(len(y), 2)).astype(np.float32) if x is None else np.asarray(x, np.float32)
    features = tuple(Feature(name) for name in "abc"[: x.shape[1]])
    names = ("no", "yes") if y.dtype.kind != "f" else ()
    return Dataset("t", x, y, None, None, names, "hash", features, **options)


BALANCED = np.tile(np.array([0, 1], np.uint8), 20)


def test_an_even_dataset_has_nothing_to_say():
    assert facts(table(BALANCED)) == ()
    assert facts(table(RNG.normal(size=40))) == ()
    assert facts(load("digits")) == ()


def test_imbalance_is_said_with_what_the_majority_scores():
    data = table(np.array([0] * 90 + [1] * 10, np.uint8))
    assert majority_share(data) == 0.9
    (fact,) = facts(data)
    assert "90 rows are 'no', 10 are 'yes'" in fact
    assert "always answering 'no' is right in 90.0%" in fact


def test_the_majority_is_that_of_training_scored_on_the_given_test_part():
    data = table(np.array([0] * 30 + [1] * 10, np.uint8))
    tested = replace(data, x_test=data.x[:4] + 9, y_test=np.array([1, 1, 1, 0], np.uint8))
    assert majority_share(tested) == 0.25
    assert math.isnan(majority_share(table(RNG.normal(size=40))))


def test_rare_classes_are_said():
    assert (
        "1 of 2 classes have fewer than 10 rows ('yes' has 2)"
        in facts(table(np.array([0] * 40 + [1] * 2, np.uint8)))[1]
    )


def test_copies_are_counted_between_given_parts_or_within():
    data = table(BALANCED)
    tested = replace(data, x_test=data.x[:5], y_test=data.y[:5])
    assert facts(tested) == ("5 of 5 test rows are in the training part too",)
    x = np.concatenate([data.x[:37], data.x[:3]])
    assert facts(replace(data, x=x)) == (
        "3 of 40 rows are copies of another: drawn parts may share them",
    )


def test_constant_columns_and_gaps_are_named():
    x = np.stack([np.arange(40), np.full(40, 7), np.arange(40)], axis=1).astype(np.float32)
    x[:2, 2] = np.nan
    assert facts(table(BALANCED, x)) == (
        "1 of 3 columns are constant: 'b'",
        "2 of 40 rows lack a value in 'c': filled with the training part's median or most "
        "frequent category",
    )


def test_notes_of_the_reader_come_first():
    assert facts(table(BALANCED, notes=("commas",)))[0] == "commas"


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_the_canonical_datasets_are_said_in_few_words(real_mirror, name):
    assert all("copies" in fact or "test rows" in fact for fact in facts(load(name)))
