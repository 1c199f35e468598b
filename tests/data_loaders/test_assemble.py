import numpy as np
import pandas as pd
import pytest

from data_loaders.arrays import content_hash, read_description
from data_loaders.assemble import assemble
from data_loaders.errors import DataError
from data_loaders.raw import Raw
from data_loaders.spec import DatasetSpec

GREY = np.random.default_rng(0).integers(0, 256, (12, 5, 4), np.uint8)
Y = np.arange(12) % 3


def arrays(raw, **options):
    return assemble(raw, DatasetSpec("d", path="d.npz", **options), where="`d`")


@pytest.mark.parametrize(
    ("x", "shape"),
    [
        (GREY, (5, 4)),
        (GREY[..., None], (5, 4)),
        (np.repeat(GREY[..., None], 3, axis=3), (5, 4, 3)),
        (np.repeat(GREY[..., None], 4, axis=3), (5, 4, 4)),
        (GREY.astype(float), (5, 4)),
    ],
)
def test_images_of_any_size_grey_or_coloured_are_bytes(x, shape):
    found = arrays(Raw(x, Y))["images"]
    assert (found.shape[1:], found.dtype) == (shape, np.uint8)


def test_a_matrix_is_a_table_with_numbered_columns():
    found = arrays(Raw(np.arange(24.0).reshape(12, 2), Y))
    assert found["features"].dtype == np.float32
    assert read_description(found)["features"] == [["x0", ""], ["x1", ""]]


def test_rows_become_images_of_the_shape_that_the_study_names():
    rows = GREY.reshape(12, 20).astype(float)
    np.testing.assert_array_equal(arrays(Raw(rows, Y), shape=(5, 4))["images"], GREY)
    with pytest.raises(DataError, match=r"shape \[5, 5\] needs 25 columns; got 20"):
        arrays(Raw(rows, Y), shape=(5, 5))


def test_the_hash_tells_names_apart_and_nothing_else_of_the_way():
    text = np.array(["a", "b", "c"])[Y]
    assert content_hash(arrays(Raw(GREY, text))) != content_hash(arrays(Raw(GREY, Y)))
    assert content_hash(arrays(Raw(GREY, Y + 0.0))) == content_hash(arrays(Raw(GREY, Y)))


def test_both_parts_of_a_table_have_the_same_categories():
    train, test = pd.DataFrame({"a": list("xyz") * 4}), pd.DataFrame({"a": ["w"]})
    found = arrays(Raw(train, Y, test, Y[:1]))
    assert [c for _, c in read_description(found)["features"]] == ["w", "x", "y", "z"]
    assert found["test_features"].tolist() == [[1, 0, 0, 0]]
    with pytest.raises(DataError, match="same columns in both parts; 'a, b' differs"):
        arrays(Raw(train, Y, test.rename(columns={"a": "b"}), Y[:1]))


def test_a_split_column_makes_the_parts():
    parts = np.array(["train", "Test", " validation"] * 4)
    groups = np.repeat(np.arange(4), 3)
    raw = Raw(GREY, np.arange(12) // 6, parts=parts, groups=groups)
    found = arrays(raw)
    np.testing.assert_array_equal(found["test_images"], GREY[1::3])
    assert found["validation"].tolist() == [1, 3, 5, 7]
    assert found["groups"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert raw.notes == ["4 group(s) stand in the given test part and outside"]


def test_numbers_are_targets():
    found = arrays(Raw(GREY, Y, GREY, Y + 0.5), task="regression")
    assert found["targets"].tolist() == Y.tolist()
    assert found["test_targets"].dtype == np.float64
    assert "labels" not in found


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (Raw(GREY, Y[:3]), "got 12 examples and 3 labels in the training part"),
        (Raw(GREY, Y, GREY[:2], Y[:1]), "got 2 examples and 1 labels in the test part"),
        (Raw(GREY[:0], Y[:0]), "got 0 examples"),
        (Raw(GREY, np.array(3)), "got 12 examples and one labels"),
        (Raw(GREY, Y, groups=Y[:2]), r"groups must hold one value per example; got shape \(2,\)"),
        (Raw(GREY, Y, groups=Y % 2), "at least three groups, one per part; got 2"),
        (Raw(GREY, Y, groups=np.array(["a", None] * 6, object)), "group .* row 2 has none"),
        (Raw(GREY, Y, parts=np.array(["train", "dev"] * 6)), "got 'dev' in row 2"),
        (Raw(GREY, Y, parts=np.array(["test"] * 12)), "leave rows to train on"),
        (Raw(GREY / 255, Y), "got fractions. Write .255"),
        (Raw(GREY * 2.0, Y), "must lie in 0…255"),
        (Raw(np.full((12, 5, 4), 9, np.uint8), Y), "every pixel is 9"),
        (Raw(GREY.reshape(12, 1, 4, 5).repeat(3, 1), Y), r"transpose\(0, 2, 3, 1\)"),
        (Raw(GREY[..., None].repeat(2, 3), Y), r"got uint8 of shape \(12, 5, 4, 2\)"),
        (Raw(Y, Y), r"rows \(n, columns\); got int64 of shape \(12,\)"),
        (Raw(np.full((12, 2), "a"), Y), "numbers in each column"),
        (Raw(np.full((12, 2), np.inf), Y), "got inf in row 1, column 1"),
        (Raw(np.full((12, 2), 1e300), Y), "float32's range; got 1e[+]300"),
        (Raw(GREY, Y, GREY[:, :4], Y), r"of one size; got \(5, 4\) and \(4, 4\)"),
        (Raw(pd.DataFrame(index=range(12)), Y), "column to learn from"),
    ],
)
def test_what_can_be_no_dataset_is_refused_in_one_line(raw, words):
    with pytest.raises(DataError, match=words) as info:
        arrays(raw)
    assert "\n" not in str(info.value)
    assert str(info.value).startswith("`d`")


def test_missing_values_are_refused_where_the_study_says_so():
    x = np.ones((12, 2))
    x[4, 1] = np.nan
    assert np.isnan(arrays(Raw(x, Y))["features"][4, 1])
    with pytest.raises(DataError, match="row 5 has none in 'x1'"):
        arrays(Raw(x, Y), missing="refuse")
