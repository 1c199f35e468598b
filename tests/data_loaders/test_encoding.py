import re

import numpy as np
import pandas as pd
import pytest

from data_loaders.encoding import MOST_CATEGORIES, as_matrix
from data_loaders.errors import DataError


def matrix(**columns):
    return as_matrix(pd.DataFrame(columns), where="t")


def test_numbers_stay_and_texts_become_one_column_per_category():
    found, features, notes = matrix(a=[1, 2, 3], b=["x", "y", "x"], c=[True, False, True])
    assert features == [("a", ""), ("b", "x"), ("b", "y"), ("c", "")]
    assert found.tolist() == [[1, 1, 0, 1], [2, 0, 1, 0], [3, 1, 0, 1]]
    assert (found.dtype, notes) == (np.float32, [])


@pytest.mark.parametrize(
    ("texts", "numbers", "note"),
    [
        (["1,5", "2"], [1.5, 2], "decimal commas"),
        (["1.5", "NA"], [1.5, np.nan], "'NA' read as missing"),
        (["-1,5", "?", None], [-1.5, np.nan, np.nan], "decimal commas.*'\\?' read as missing"),
        ([" 3 ", "4"], [3, 4], None),
    ],
)
def test_numbers_that_stand_as_text_are_read_and_said(texts, numbers, note):
    found, features, notes = matrix(a=texts)
    np.testing.assert_array_equal(found[:, 0], np.array(numbers, np.float32))
    assert features == [("a", "")]
    if note is None:
        assert notes == []
    else:
        assert re.search(note, notes[0])


def test_none_and_na_among_words_are_categories_an_empty_field_is_missing():
    found, features, _ = matrix(a=["None", "NA", "yes", None])
    assert [category for _, category in features] == ["NA", "None", "yes"]
    assert np.isnan(found[3]).all()
    assert found[:3].tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ([1.0, np.inf], "column 'a' must hold finite numbers.*got .*inf.* in row 2"),
        ([1.0, 1e300], "float32's range; got .*1e\\+300.* in row 2"),
        (["0", "1e300"], "float32's range; got '1e300' in row 2"),
        (pd.to_datetime(["2020-01-01", "2020-01-02"]), "got dates"),
        ([f"name {i}" for i in range(MOST_CATEGORIES + 1)], "101 different texts.*drop"),
    ],
)
def test_what_is_neither_number_nor_category_is_refused(column, words):
    with pytest.raises(DataError, match=words):
        matrix(a=column)


def test_pandas_own_types_are_taken():
    found, features, _ = matrix(
        a=pd.array([1, None], "Int64"),
        b=pd.Categorical(["u", "v"]),
        c=pd.array(["1", "2"], "string"),
    )
    assert features == [("a", ""), ("b", "u"), ("b", "v"), ("c", "")]
    np.testing.assert_array_equal(found, [[1, 1, 0, 1], [np.nan, 0, 1, 2]])
