"""Data of one's own, from the path to the second use."""

import json
import os
import sys

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from data_loaders.cache import cache_folder
from data_loaders.errors import DataError, DatasetUnavailableError
from data_loaders.load import load, load_content, verify
from data_loaders.parse_spec import parse_spec
from data_loaders.readers.idx import IDX_FILES
from data_loaders.sources.openml_table import OpenMLTable

CSV = "a,colour,who,kind\n" + "".join(
    f"{i % 7}.5,{'red' if i % 2 else 'blue'},p{i // 4},{'ham' if i % 3 else 'egg'}\n"
    for i in range(60)
)


def own(value, folder):
    return load(parse_spec("own", value), folder=folder)


@pytest.fixture
def csv(tmp_path):
    (tmp_path / "t.csv").write_text(CSV, "utf-8")
    return {"path": "./t.csv", "label": "kind"}


def test_a_csv_goes_the_way_of_every_dataset(tmp_path, csv):
    data = own({**csv, "group": "who"}, tmp_path)
    assert (data.name, data.x.shape, data.x.dtype) == ("own", (60, 3), np.float32)
    assert [str(f) for f in data.features] == ["a", "colour=blue", "colour=red"]
    assert data.class_names == ("egg", "ham")
    assert data.groups.max() == 14
    assert isinstance(data.x.base, np.memmap)
    assert verify("own", data.content_hash) == "good"


def test_the_same_table_has_the_same_hash_as_parquet(tmp_path, csv):
    pd.read_csv(tmp_path / "t.csv").to_parquet(tmp_path / "t.parquet")
    parquet = own({**csv, "path": "t.parquet"}, tmp_path)
    assert parquet.content_hash == own(csv, tmp_path).content_hash


def test_pictures_and_arrays_of_one_content_have_one_hash(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (6, 5, 4, 3), np.uint8)
    labels = np.array(["cat"] * 3 + ["dog"] * 3)
    for i, image in enumerate(images):
        (tmp_path / "faces" / labels[i]).mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(tmp_path / "faces" / labels[i] / f"{i}.png")
    np.savez(tmp_path / "a.npz", X=images, y=labels)
    np.save(tmp_path / "x.npy", images)
    np.save(tmp_path / "y.npy", labels)
    (tmp_path / "own_pairs.py").write_text(
        "import numpy as np\ndef load():\n"
        f"    f = np.load(r'{tmp_path / 'a.npz'}')\n    return f['X'], f['y']\n",
        "utf-8",
    )
    pair = {"path": "x.npy", "label": "y.npy"}
    data = [own(v, tmp_path) for v in ("./faces/", "./a.npz", pair, "own_pairs.py:load")]
    assert len({d.content_hash for d in data}) == 1
    assert data[0].class_names == ("cat", "dog")
    np.testing.assert_array_equal(data[0].x, images)


def test_a_folder_of_idx_files_is_read_the_test_pair_is_optional(tmp_path, tiny, files):
    for name, content in files.items():
        if name.startswith("train"):
            (tmp_path / name.replace("-idx", ".idx")).write_bytes(content)
    data = own("./", tmp_path)
    np.testing.assert_array_equal(data.x, tiny["images"])
    assert (data.x_test, data.notes) == (None, ())


def test_plain_idx_files_are_read_and_their_weakness_is_said(tmp_path, tiny, encode):
    for part, name in IDX_FILES.items():
        (tmp_path / name.removesuffix(".gz")).write_bytes(encode(tiny[part]))
    assert "plain IDX files carry no checksum" in own("./", tmp_path).notes[0]
    assert "plain IDX files carry no checksum" in own("./", tmp_path).notes[0]


def test_a_second_file_is_the_test_part(tmp_path, csv):
    (tmp_path / "u.csv").write_text(CSV[: CSV.index("\n", 200) + 1], "utf-8")
    data = own({**csv, "test": "u.csv"}, tmp_path)
    assert len(data.x) == 60
    np.testing.assert_array_equal(data.x_test, data.x[: len(data.x_test)])


def test_exclusive_or_has_four_rows_and_is_its_own_test_part(tmp_path):
    (tmp_path / "xor.csv").write_text("a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n", "utf-8")
    data = own({"path": "xor.csv", "test": "xor.csv", "label": "y"}, tmp_path)
    assert data.y.tolist() == data.y_test.tolist() == [0, 1, 1, 0]


def test_a_loader_of_scikit_learn_and_its_class_names(tmp_path):
    data = own({"sklearn": "load_wine", "train_size": 50}, tmp_path)
    assert data.class_names == ("class_0", "class_1", "class_2")
    assert data.features[0].name == "alcohol"
    diabetes = own({"sklearn": "load_diabetes", "task": "regression"}, tmp_path)
    assert (diabetes.is_regression, diabetes.y.dtype, diabetes.n_classes) == (True, np.float64, 0)
    assert own({"sklearn": "load_digits"}, tmp_path).x.shape == (1797, 8, 8)
    with pytest.raises(DataError, match="did you mean load_iris"):
        own({"sklearn": "load_ris"}, tmp_path)


@pytest.fixture
def reach(monkeypatch):
    """Let the address that shows whether OpenML answers be another one, None for no question."""

    def change(contact):
        monkeypatch.setattr(
            "data_loaders.own.OpenMLTable", lambda spec: OpenMLTable(spec, contact=contact)
        )

    return change


def test_a_number_at_openml(tmp_path, reach, monkeypatch):
    from sklearn.utils import Bunch

    frame = pd.DataFrame({"a": np.arange(20.0), "defects": ["no", "yes"] * 10})

    def answer(*, data_id, **options):
        assert (data_id, options["n_retries"]) == (1067, 0)
        return Bunch(frame=frame, target=frame["defects"])

    monkeypatch.setattr("sklearn.datasets.fetch_openml", answer)
    reach(None)
    data = own({"openml": 1067}, tmp_path)
    assert data.class_names == ("no", "yes")
    assert [f.name for f in data.features] == ["a"]


def test_openml_that_does_not_answer_leaves_the_dataset_out(tmp_path, closed_port, reach):
    reach(closed_port)
    with pytest.raises(DatasetUnavailableError, match=r"own is unavailable .OpenML: connection"):
        own({"openml": 1067}, tmp_path)


def test_the_second_use_maps_the_cache_and_reads_nothing(tmp_path, csv, monkeypatch):
    first = own(csv, tmp_path)
    monkeypatch.setattr("data_loaders.own.read_path", None)
    again = own(csv, tmp_path)
    assert again.content_hash == first.content_hash
    assert isinstance(again.x.base, np.memmap)


def test_a_function_is_called_each_time_what_it_reads_cannot_be_seen(tmp_path):
    code = (
        "import numpy\ndef load():\n    x = numpy.arange(20.0)\n    return x[:, None] * {}, x % 2"
    )
    (tmp_path / "own_calls.py").write_text(code.format(1), "utf-8")
    own("own_calls.py:load", tmp_path)
    (tmp_path / "own_calls.py").write_text(code.format(1.5), "utf-8")
    with pytest.raises(DataError, match="must keep the content of its first use"):
        own("own_calls.py:load", tmp_path)


def test_content_that_changed_since_its_first_use_is_refused(tmp_path, csv):
    trusted = own(csv, tmp_path).content_hash
    (tmp_path / "t.csv").write_text(CSV.replace("red", "green"), "utf-8")
    with pytest.raises(DataError, match=f"first use, {trusted}; got") as info:
        own(csv, tmp_path)
    record = next((cache_folder() / "trusted").iterdir())
    assert f"delete {record} to trust" in str(info.value)
    record.unlink()
    assert own(csv, tmp_path).content_hash != trusted


def test_other_options_are_another_reading_of_the_same_file(tmp_path, csv):
    first = own(csv, tmp_path)
    other = own({**csv, "label": "colour"}, tmp_path)
    assert other.class_names == ("blue", "red")
    assert own(csv, tmp_path).content_hash == first.content_hash


def test_a_file_that_was_only_touched_is_still_trusted(tmp_path, csv):
    own(csv, tmp_path)
    record = next((cache_folder() / "trusted").iterdir())
    before = json.loads(record.read_text("utf-8"))
    os.utime(tmp_path / "t.csv", (1, 1))
    own(csv, tmp_path)
    after = json.loads(record.read_text("utf-8"))
    assert before["content_hash"] == after["content_hash"]
    assert before["stamp"] != after["stamp"]


def test_a_worker_needs_name_and_hash_alone(tmp_path, csv, monkeypatch):
    data = own({**csv, "group": "who", "train_size": 0.5}, tmp_path)
    (tmp_path / "t.csv").unlink()
    monkeypatch.setattr(sys, "path", list(sys.path))
    found = load_content("own", data.content_hash)
    for field in ("name", "content_hash", "class_names", "features", "train_size"):
        assert getattr(found, field) == getattr(data, field)
    for field in ("x", "y", "groups"):
        np.testing.assert_array_equal(getattr(found, field), getattr(data, field))
    with pytest.raises(DataError, match="Run `knockout stage data own`"):
        load_content("own", "0" * 64)


def test_train_size_is_part_of_the_content_of_a_built_in_dataset_too():
    digits = load("digits")
    small = load(parse_spec("digits", {"train_size": 100}))
    assert small.content_hash == f"{digits.content_hash}@100"
    assert load_content("digits", small.content_hash).train_size == 100
    assert load_content("tiny_digits", small.content_hash).name == "tiny_digits"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("./gone.csv", "gone.csv` does not exist. Known: t.csv"),
        ("./none/gone.csv", "does not exist. Correct the path"),
        ("./t.docx", "of no kind that can be read. Write a .csv"),
        ("./empty", "holds no dataset. Write a .csv"),
        ({"path": "x.npy"}, "needs the file of its labels"),
    ],
)
def test_a_path_that_holds_no_data_is_refused_with_what_may_stand_there(tmp_path, value, words):
    folder = tmp_path / "project"
    (folder / "empty").mkdir(parents=True)
    for name in ("t.docx", "x.npy"):
        (folder / name).write_bytes(b"x")
    if "gone" in str(value) and "none" not in str(value):
        for path in list(folder.iterdir()):
            path.rmdir() if path.is_dir() else path.unlink()
        (folder / "t.csv").write_text(CSV, "utf-8")
    with pytest.raises(DataError, match=words) as info:
        own(value, folder)
    assert "\n" not in str(info.value)


def test_a_cache_that_cannot_be_written_keeps_own_data_in_memory(tmp_path, csv, monkeypatch):
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("KNOCKOUT_CACHE", str(tmp_path / "a file" / "cache"))
    with pytest.warns(RuntimeWarning, match="must be writable to keep own"):
        assert own(csv, tmp_path).x.shape == (60, 18)
