from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_loaders.batches import Batches
from data_loaders.datasets import Feature
from data_loaders.scaling import Scaling

RAW = Scaling(1.0, 0.0)


def numbered(n):
    """Images that carry their own number in two pixels."""
    images = np.zeros((n, 1, 2), np.uint8)
    images[:, 0, 0], images[:, 0, 1] = np.arange(n) // 256, np.arange(n) % 256
    return images


def epoch(batches):
    """The examples' numbers, batch by batch."""
    return [(x[:, 0] * 256 + x[:, 1]).astype(int).tolist() for x, _ in batches]


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(1, 64), st.integers(0, 2**32), st.data())
def test_an_epoch_covers_each_chosen_example_once(n, batch_size, seed, data):
    chosen = np.array(sorted(data.draw(st.sets(st.integers(0, n - 1), min_size=1))))
    labels = np.arange(n) % 7
    batches = Batches(
        numbered(n), labels, chosen, batch_size=batch_size, scaling=RAW,
        rng=np.random.default_rng(seed),
    )  # fmt: skip
    for _ in range(2):
        seen = []
        for x, y in batches:
            numbers = (x[:, 0] * 256 + x[:, 1]).astype(int)
            np.testing.assert_array_equal(y, labels[numbers])
            assert (x.dtype, y.dtype) == (np.float32, np.int64)
            seen.append(numbers.tolist())
        assert len(seen) == len(batches)
        assert [len(numbers) for numbers in seen[:-1]] == [batch_size] * (len(seen) - 1)
        assert sorted(chain.from_iterable(seen)) == chosen.tolist()


def make(n=256, seed=0, augment=None, scaling=RAW):
    return Batches(
        numbered(n), np.zeros(n, np.uint8), np.arange(n), batch_size=16, scaling=scaling,
        rng=np.random.default_rng(seed), augment=augment,
    )  # fmt: skip


def test_examples_are_permuted_not_the_starts_of_batches():
    batches = epoch(make())
    neighbours = sum(b - a == 1 for batch in batches for a, b in pairwise(batch))
    # Among 240 pairs of a random order about one is consecutive; of permuted starts, all are.
    assert neighbours < 12


def test_each_epoch_has_an_order_of_its_own_and_the_stream_decides_all():
    batches, again = make(seed=3), make(seed=3)
    first, second = epoch(batches), epoch(batches)
    assert first != second
    assert [epoch(again), epoch(again)] == [first, second]
    assert epoch(make(seed=4)) != first


def test_an_augmentation_that_changes_nothing_is_bit_identical_to_none():
    scaling = Scaling(1 / 78.6, -0.4242)
    plain, augmented = make(scaling=scaling), make(scaling=scaling, augment=np.copy)
    for (x, _), (same, _) in zip(plain, augmented, strict=True):
        assert x.tobytes() == same.tobytes()


def test_augmentation_sees_raw_pixels_with_background_zero():
    seen = []

    def blank(images):
        seen.append(images.copy())
        return np.zeros_like(images)

    for x, _ in make(n=20, scaling=Scaling(0.5, -3.0), augment=blank):
        assert (x == -3.0).all()
    assert [images.shape for images in seen] == [(16, 1, 2), (4, 1, 2)]
    assert sorted(np.concatenate(seen)[:, 0, 1]) == list(range(20))


def test_batches_are_views_of_one_buffer():
    addresses = {x.__array_interface__["data"][0] for x, _ in make()}
    assert len(addresses) == 1


@pytest.mark.parametrize("indices", [[0, 256], [-1, 3]])
def test_an_index_outside_the_images_is_refused(indices):
    with pytest.raises(IndexError, match="batch indices must lie in 0…255; got"):
        Batches(
            numbered(256), np.zeros(256), np.array(indices), batch_size=2, scaling=RAW,
            rng=np.random.default_rng(0),
        )  # fmt: skip


def test_rows_of_a_table_are_filled_and_scaled_as_evaluation_scales_them():
    x = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    x[::7, 1] = np.nan
    scaling = Scaling.fit(x, np.arange(50), tuple(map(Feature, "abc")))
    batches = Batches(
        x, np.arange(50.0), np.arange(50), batch_size=8, scaling=scaling,
        rng=np.random.default_rng(0),
    )  # fmt: skip
    for found, y in batches:
        assert y.dtype == np.float32
        np.testing.assert_array_equal(found, scaling.apply(x[y.astype(int)]))
    assert np.isnan(x[0, 1])


def test_augmentation_sees_colours_as_the_last_axis():
    seen = []

    def look(images):
        seen.append(images.shape)
        return images

    x = np.random.default_rng(0).integers(0, 256, (6, 4, 5, 3), np.uint8)
    batches = Batches(
        x, np.zeros(6, np.uint8), np.arange(6), batch_size=4, scaling=RAW,
        rng=np.random.default_rng(0), augment=look,
    )  # fmt: skip
    assert [found.shape for found, _ in batches] == [(4, 60), (2, 60)]
    assert seen == [(4, 4, 5, 3), (2, 4, 5, 3)]


def test_without_a_generator_examples_come_as_chosen():
    chosen = np.array([5, 3, 8, 1, 9])
    batches = Batches(
        numbered(10), np.zeros(10), chosen, batch_size=2, scaling=RAW, rng=None
    )  # fmt: skip
    for _ in range(2):
        assert epoch(batches) == [[5, 3], [8, 1], [9]]
