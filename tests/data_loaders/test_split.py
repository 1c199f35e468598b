import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_loaders.datasets import Dataset
from data_loaders.load import load
from data_loaders.split import draw_split, stratified

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
    expected = 0.2 * np.bincount(digits.labels)
    assert np.abs(np.bincount(digits.labels[split.test]) - expected).max() <= 1


def test_an_empty_part_is_refused():
    with pytest.raises(ValueError, match="split of some must leave no part empty; got 0 training"):
        draw_split(
            dataset(np.zeros(2, np.uint8), np.zeros(2, np.uint8)),
            validation_fraction=0.9,
            rng=np.random.default_rng(0),
        )
