import hashlib

import numpy as np
import pytest

from data_loaders.arrays import as_bytes, check_form, content_hash
from data_loaders.errors import DataError


def test_the_hash_is_of_content_not_of_layout_or_order(tiny):
    other = {part: np.asfortranarray(tiny[part]) for part in reversed(tiny)}
    assert content_hash(other) == content_hash(tiny)


@pytest.mark.parametrize("part", ["images", "labels", "test_images", "test_labels"])
def test_the_hash_sees_every_part_its_values_shape_and_type(tiny, part):
    original = content_hash(tiny)
    flipped = tiny[part].copy()
    flipped.flat[-1] ^= 1
    seen = [flipped, tiny[part].reshape(-1, 1), tiny[part].astype(np.int8)]
    without = {name: array for name, array in tiny.items() if name != part}
    hashes = {content_hash({**tiny, part: array}) for array in seen} | {content_hash(without)}
    assert len(hashes | {original}) == 5


def test_the_hash_of_a_worked_example_stays_as_it_is():
    # Stored runs carry these hashes: another definition would re-run every study.
    arrays = {"labels": np.array([1, 2], np.uint8), "images": np.zeros((2, 1, 1), np.uint8)}
    expected = "images |u1 (2, 1, 1)\n\0\0labels |u1 (2,)\n\1\2"
    assert content_hash(arrays) == hashlib.sha256(expected.encode()).hexdigest()


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"labels": None}, "must hold `labels`"),
        ({"test_images": None}, "must hold `test_images`"),
        ({"labels": np.arange(59, dtype=np.uint8) % 3}, r"one label per image; got .*\(59,\)"),
        ({"images": np.zeros((60, 30), np.uint8)}, r"\(n, height, width\)"),
        ({"images": np.zeros((60, 6, 5), np.float32)}, "must hold uint8; got float32"),
        ({"labels": np.full(60, 3, np.uint8)}, "labels must lie in 0…2; got 3"),
        ({"test_images": np.zeros((20, 5, 6), np.uint8)}, "images of one size"),
        ({"images": np.zeros((0, 6, 5), np.uint8), "labels": np.zeros(0, np.uint8)}, "got"),
    ],
)
def test_arrays_that_cannot_be_a_dataset_are_refused(tiny, changed, rule):
    arrays = {part: array for part, array in {**tiny, **changed}.items() if array is not None}
    with pytest.raises(DataError, match=f"^tiny .*{rule}"):
        check_form(arrays, where="tiny", n_classes=3)


def test_a_dataset_without_a_test_part_is_whole(tiny):
    check_form({"images": tiny["images"], "labels": tiny["labels"]}, where="tiny", n_classes=3)


@pytest.mark.parametrize("kind", [np.int64, np.float64, np.float32, np.uint16])
def test_whole_numbers_become_bytes_unchanged(kind):
    values = np.array([[0, 255], [7, 16]], kind)
    assert as_bytes(values, where="x").dtype == np.uint8
    np.testing.assert_array_equal(as_bytes(values, where="x"), values)


@pytest.mark.parametrize("values", [[-1], [256], [0.5], [np.nan], ["7"], [1 + 0j, 2j]])
def test_what_a_byte_cannot_hold_is_refused(values):
    with pytest.raises((DataError, TypeError)):
        as_bytes(np.array(values), where="x")
