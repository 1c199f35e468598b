import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_loaders.errors import DataError
from data_loaders.labels import as_classes, as_targets, is_regression


def classes(values, tested=None):
    return as_classes(np.asarray(values), tested, where="labels")


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (np.arange(100) % 10 + 1, tuple(map(str, range(1, 11)))),
        (np.arange(40) % 2 == 0, ("False", "True")),
        (np.array(["b", "a"] * 20), ("a", "b")),
        (np.array([b"b", b"a"] * 20), ("a", "b")),
        (np.array([2.0, -1.0] * 20), ("-1", "2")),
        (np.array(["New\nYork", "None"] * 20, object), ("New York", "None")),
        (np.array([[3], [1]] * 20), ("1", "3")),
    ],
    ids=["from 1", "truth", "text", "bytes", "whole floats", "objects", "one column"],
)
def test_labels_of_any_type_become_names_in_order(values, names):
    codes, _, found = classes(values)
    assert found == names
    flat = values.reshape(-1)
    order = sorted(set(flat.tolist()))
    assert codes.tolist() == [order.index(v) for v in flat.tolist()]


@settings(deadline=None)
@given(st.integers(2, 400))
def test_the_type_is_the_smallest_that_holds_the_classes(n):
    codes, _, names = classes(np.repeat(np.arange(n), 5))
    assert codes.dtype == (np.uint8 if n <= 256 else np.uint16)
    assert (len(names), codes.max()) == (n, n - 1)


def test_the_test_part_has_the_same_numbers():
    _, tested, _ = classes(np.array(list("abc") * 5), np.array(["c", "a"]))
    assert tested.tolist() == [2, 0]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["a"] * 9, "at least two classes; all 9 rows are 'a'"),
        ([0] * 20 + [1] * 20 + [250], "label 250 stands in one row, far from 0…1"),
        (np.arange(90), "got 90 different values in 90 rows.*task: regression"),
        ([0.5, 1.0] * 5, "whole numbers or text; got 0.5 in row 1"),
        ([1.0, np.nan] * 5, "got nan in row 2"),
        (np.array(["a", None, "b"] * 5, object), "row 2 has none, 5 such"),
        (np.array(["a", pd.NA, "b"] * 5, object), "row 2 has none, 5 such"),
        (["a", " ", "b"] * 5, "row 2 has none, 5 such"),
        (np.eye(4), "one label per row.*argmax"),
    ],
)
def test_what_can_be_no_classes_is_refused(values, words):
    with pytest.raises(DataError, match=words):
        classes(values)


def test_a_class_of_the_test_part_alone_is_refused():
    with pytest.raises(DataError, match="'d' is not there"):
        classes(list("abc") * 5, np.array(["a", "d"]))


def test_numbers_with_fractions_mean_regression_unless_the_study_says_otherwise():
    assert is_regression(np.array([1.5, 2.0]), "")
    assert not is_regression(np.array([1.0, 2.0]), "")
    assert is_regression(np.array([1, 2]), "regression")
    assert not is_regression(np.array([1.5, 2.0]), "classification")


def test_targets_are_float64_and_finite():
    targets = as_targets(np.array(["1.5", "2"], object), where="y")
    assert (targets.dtype, targets.tolist()) == (np.float64, [1.5, 2.0])
    for values, words in (
        ([1.0, np.inf], "got inf in row 2"),
        (["1", "two"], "got 'two'"),
        ([3.0, 3.0], "all are 3"),
    ):
        with pytest.raises(DataError, match=words):
            as_targets(np.array(values), where="y")
