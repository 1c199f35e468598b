import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_loaders.errors import DataError
from data_loaders.parse_spec import parse_spec
from data_loaders.spec import DatasetSpec


@pytest.mark.parametrize(
    ("name", "value", "spec"),
    [
        ("digits", None, DatasetSpec("digits", builtin="digits")),
        ("faces", "./faces/", DatasetSpec("faces", path="./faces/")),
        ("own", "my_lab.data:load", DatasetSpec("own", function="my_lab.data:load")),
        ("own", "my/load.py:load", DatasetSpec("own", function="my/load.py:load")),
        ("iris", {"sklearn": "load_iris"}, DatasetSpec("iris", sklearn="load_iris")),
        ("kc1", {"openml": 1067}, DatasetSpec("kc1", openml=1067)),
        (
            "mnist",
            {"source": "openml", "train_size": 5000},
            DatasetSpec("mnist", builtin="mnist", source="openml", train_size=5000),
        ),
        ("small", {"builtin": "mnist", "train_size": 0.1},
         DatasetSpec("small", builtin="mnist", train_size=0.1)),
        (
            "wine",
            {"path": "w.csv", "label": "c", "group": "g", "drop": ["id"], "shape": [2, 2]},
            DatasetSpec("wine", path="w.csv", label="c", group="g", drop=("id",), shape=(2, 2)),
        ),
    ],
)  # fmt: skip
def test_each_form_is_read(name, value, spec):
    assert parse_spec(name, value) == spec


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"path": "w.csv", "lable": "c"}, "unknown key 'lable'.*did you mean label"),
        ({"path": "w.csv", 3: "c"}, "unknown key 3"),
        ({"path": ["w.csv"]}, r"path must be a text; got \['w.csv'\]"),
        ({"path": "w.csv", "drop": "id"}, "drop must be a list of column names; got 'id'"),
        ({"path": "w.csv", "drop": [1]}, "drop must be a list of column names"),
        ({"path": "w.csv", "shape": [True, 2]}, "shape must be a list of whole numbers"),
        ({"path": "w.csv", "shape": [28]}, r"shape must be \[height, width\]"),
        ({"path": "w.csv", "shape": [8, 8, 2]}, "with 1, 3 or 4 channels"),
        ({"path": "w.csv", "shape": [10**30, 2]}, r"shape must be \[height, width\]"),
        ({"path": "w.csv", "train_size": 0}, "train_size must be a number of rows from 1"),
        ({"path": "w.csv", "train_size": True}, "train_size must be a number; got True"),
        ({"path": "w.csv", "train_size": float("nan")}, "train_size must be a number of rows"),
        ({"path": "w.csv", "train_size": float("inf")}, "train_size must be a number of rows"),
        ({"path": "w.csv", "task": "regresion"}, "did you mean regression"),
        ({"path": "w.csv", "missing": "impute_"}, "did you mean impute"),
        ({"path": "w.csv", "openml": 7}, "one origin of .*; got path and openml"),
        ({"builtin": "mnits"}, "must name a known dataset; got 'mnits'.*did you mean mnist"),
        ({"label": "c"}, "one origin of .*; got none"),
        ({"openml": -3}, "openml must be the number"),
        ({"openml": 10**30}, "openml must be the number"),
        ({"openml": "kc1"}, "openml must be a number"),
        ({"function": "my_lab.data"}, "module:function or file.py:function"),
        ({"builtin": "mnits"}, "did you mean mnist"),
        ({"builtin": "mnist", "label": "c"}, "must not have label: builtin mnist"),
        ({"path": "w.csv", "source": "openml"}, "must not have source: path w.csv"),
        ({"sklearn": "load_iris", "test": "w.csv"}, "must not have test"),
        ({"path": "w.csv", "test": "t.csv", "split": "s"}, "test or split, not both"),
        (7, "must be a path, module:function"),
        ([], "must be a path, module:function"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(value, words):
    with pytest.raises(DataError, match=words) as info:
        parse_spec("wine", value)
    assert "\n" not in str(info.value)
    assert str(info.value).startswith("dataset wine")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=200),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        "path",
        "function",
        "label",
        "openml",
        "sklearn",
        "shape",
        "drop",
        "train_size",
        "task",
        "test",
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(KEYS | st.text(max_size=5), VALUES, max_size=4) | VALUES)
def test_whatever_is_written_it_is_a_spec_or_one_short_line(value):
    try:
        assert parse_spec("some", value).name == "some"
    except DataError as error:
        assert "\n" not in str(error)
        assert len(str(error)) < 600
