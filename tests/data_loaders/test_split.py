from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_loaders.datasets import Dataset
from data_loaders.load import load
from data_loaders.split import draw_split, grouped, stratified

LABELS = st.lists(st.integers(0, 4), min_size=2, max_size=120).map(lambda v: np.array(v, np.uint8))


def dataset(labels, test_labels=None):
    images = np.zeros((len(labels), 1, 1), np.uint8)
    test_images = None if test_labels is None else np.zeros((len(test_labels), 1, 1), np.uint8)
    names = tuple("abcde")
    return Dataset("some", images, labels, test_images, test_labels, names, "hash")


@settings(deadline=None)
@given(LABELS, st.floats(0.01, 0.99), st.integers(0, 2**32))
def test_the_two_parts_are_disjoint_cover_and_keep_proportions(labels, fraction, seed):
    first, second = stratified(labels, fraction, rng=np.random.default_rng(seed))
    np.testing.assert_array_equal(np.sort(np.concatenate([first, second])), np.arange(len(labels)))
    assert len(second) == round(fraction * len(labels))
    for label in np.unique(labels):
        share = fraction * (labels == label).sum()
        assert abs((labels[second] == label).sum() - share) <= 1


@settings(deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_train_validation_and_test_never_share_an_image(seed, canonical):
    labels = np.arange(200) % 5
    data = dataset(labels, np.arange(30) % 5 if canonical else None)
    split = draw_split(data, validation_fraction=0.25, rng=np.random.default_rng(seed))
    parts = [split.train, split.validation] + ([] if canonical else [split.test])
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(200))
    if canonical:
        np.testing.assert_array_equal(split.test, np.arange(30))
    else:
        assert np.bincount(labels[split.test]).tolist() == [8] * 5


def test_the_same_stream_draws_the_same_split_and_another_one_another():
    data = dataset(np.arange(200) % 5)

    def drawn(seed):
        rng = np.random.default_rng(seed)
        return draw_split(data, validation_fraction=0.2, rng=rng).validation.tolist()

    assert drawn(1) == drawn(1) != drawn(2)


def test_digits_draw_their_own_test_part():
    digits = load("digits")
    rng = np.random.default_rng(0)
    split = draw_split(digits, validation_fraction=0.2, rng=rng)
    assert [len(split.train), len(split.validation), len(split.test)] == [1150, 288, 359]
    expected = 0.2 * np.bincount(digits.y)
    assert np.abs(np.bincount(digits.y[split.test]) - expected).max() <= 1


def test_an_empty_part_is_refused():
    with pytest.raises(ValueError, match="split of some must leave no part empty; got 0 training"):
        draw_split(
            dataset(np.zeros(2, np.uint8), np.zeros(2, np.uint8)),
            validation_fraction=0.9,
            rng=np.random.default_rng(0),
        )


GROUPS = st.lists(st.integers(0, 9), min_size=40, max_size=150).map(np.array)


@settings(deadline=None)
@given(GROUPS, st.floats(0.1, 0.9), st.integers(0, 2**32))
def test_no_group_has_members_in_both_parts(groups, fraction, seed):
    labels = np.arange(len(groups)) % 3
    first, second = grouped(labels, groups, fraction, rng=np.random.default_rng(seed))
    np.testing.assert_array_equal(np.sort(np.concatenate([first, second])), np.arange(len(groups)))
    assert not set(groups[first]) & set(groups[second])


def test_groups_of_one_row_are_as_good_as_stratified():
    labels = np.repeat([0, 1], [300, 100])
    _, second = grouped(labels, np.arange(400), 0.2, rng=np.random.default_rng(0))
    assert np.bincount(labels[second]).tolist() == [60, 20]


def test_groups_never_cross_train_validation_and_test():
    data = replace(dataset(np.arange(300) % 5), groups=np.arange(300) // 10)
    split = draw_split(data, validation_fraction=0.2, rng=np.random.default_rng(3))
    parts = [set(data.groups[part]) for part in (split.train, split.validation, split.test)]
    assert not (parts[0] & parts[1] or parts[0] & parts[2] or parts[1] & parts[2])
    assert all(parts)


def test_four_rows_need_no_validation_part():
    xor = dataset(np.array([0, 1, 1, 0], np.uint8), np.array([0, 1, 1, 0], np.uint8))
    split = draw_split(xor, validation_fraction=0.0, rng=np.random.default_rng(0))
    assert split.train.tolist() == split.test.tolist() == [0, 1, 2, 3]
    assert len(split.validation) == 0


def test_given_parts_are_taken_as_they_are():
    data = replace(dataset(np.arange(100) % 5, np.arange(10) % 5), validation=np.arange(7, 30))
    split = draw_split(data, validation_fraction=0.5, rng=np.random.default_rng(0))
    assert split.validation.tolist() == list(range(7, 30))
    assert split.train.tolist() == [*range(7), *range(30, 100)]


@pytest.mark.parametrize(("size", "n"), [(20, 20), (0.25, 32), (1.0, 128), (10_000, 128)])
def test_train_size_limits_the_training_part_alone_and_each_class_in_proportion(size, n):
    data = dataset(np.arange(200) % 4)
    limited = replace(data, train_size=size)
    whole, part = (
        draw_split(d, validation_fraction=0.2, rng=np.random.default_rng(5))
        for d in (data, limited)
    )
    np.testing.assert_array_equal(part.validation, whole.validation)
    np.testing.assert_array_equal(part.test, whole.test)
    assert len(part.train) == n
    assert set(part.train) <= set(whole.train)
    assert np.ptp(np.bincount(data.y[part.train])) <= 1


def test_train_size_draws_other_rows_in_each_replicate():
    data = replace(dataset(np.arange(200) % 4, np.arange(8) % 4), train_size=20)
    drawn = {
        tuple(draw_split(data, validation_fraction=0.2, rng=np.random.default_rng(seed)).train)
        for seed in range(3)
    }
    assert len(drawn) == 3


def test_numbers_are_split_without_strata():
    data = replace(dataset(np.arange(50) / 7), class_names=())
    split = draw_split(data, validation_fraction=0.25, rng=np.random.default_rng(0))
    assert [len(split.train), len(split.validation), len(split.test)] == [30, 10, 10]
