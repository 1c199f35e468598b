import sys

import numpy as np
import pytest

from data_loaders.errors import DataError
from data_loaders.readers.function import call
from data_loaders.spec import DatasetSpec

CODE = """
import numpy as np
import pandas as pd

def pair():
    return np.eye(4), [0, 1, 0, 1]

def mapping():
    return {"x_train": np.eye(4), "y_train": [0, 1, 0, 1], "x_test": np.eye(4), "y_test": [1] * 4}

def table():
    return pd.DataFrame({"a": [1, 2], "y": ["u", "v"]})

def nothing():
    return None

def fails():
    raise OSError("no disk\\nat all")
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    (tmp_path / "knockout_test_data.py").write_text(CODE, "utf-8")
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield tmp_path
    sys.modules.pop("knockout_test_data", None)


def called(folder, function, **options):
    return call(DatasetSpec("own", function=function, **options), folder)


@pytest.mark.parametrize("place", ["knockout_test_data", "knockout_test_data.py"])
def test_a_function_of_a_module_or_a_file_is_called(own, place):
    raw = called(own, f"{place}:pair")
    np.testing.assert_array_equal(raw.x, np.eye(4))
    assert raw.y.tolist() == [0, 1, 0, 1]


def test_a_mapping_and_a_table_are_taken(own):
    assert called(own, "knockout_test_data:mapping").y_test.tolist() == [1] * 4
    raw = called(own, "knockout_test_data:table", label="y")
    assert list(raw.x.columns) == ["a"]


def test_the_folder_comes_last_on_the_import_path(own):
    before = list(sys.path)
    called(own, "knockout_test_data:pair")
    assert sys.path == [*before, str(own)]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("knockout_test_data:nothing", "must return .* got NoneType"),
        ("knockout_test_data:fails", "must return data; it raised OSError: no disk at all"),
        ("knockout_test_data:CODE", "must name a function; `knockout_test_data` holds"),
        ("knockout_test_dato:pair", "must be importable; ModuleNotFoundError"),
        ("gone.py:pair", "must be importable; FileNotFoundError: there is no file"),
    ],
)
def test_what_goes_wrong_is_said_in_one_line(own, function, words):
    with pytest.raises(DataError, match=f"^`{function}` {words}") as info:
        called(own, function)
    assert "\n" not in str(info.value)
