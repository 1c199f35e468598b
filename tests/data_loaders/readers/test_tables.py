import numpy as np
import pandas as pd
import pytest

from data_loaders.errors import DataError
from data_loaders.readers.tables import read_table
from data_loaders.spec import DatasetSpec


def spec(**options):
    return DatasetSpec("t", path="t.csv", **{"label": "y", **options})


def csv(tmp_path, text, encoding="utf-8"):
    (tmp_path / "t.csv").write_bytes(text.encode(encoding))
    return tmp_path / "t.csv"


def test_a_csv_is_divided_by_the_names_of_its_columns(tmp_path):
    path = csv(tmp_path, "id,a,y,who,part\n1,0.5,u,p,train\n2,,v,q,test\n")
    raw = read_table(path, spec(group="who", split="part", drop=("id",)))
    assert list(raw.x.columns) == ["a"]
    assert raw.y.tolist() == ["u", "v"]
    assert raw.groups.tolist() == ["p", "q"]
    assert raw.parts.tolist() == ["train", "test"]
    assert np.isnan(raw.x["a"][1])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_separators_byte_order_marks_and_umlauts(tmp_path, separator, encoding):
    text = "größe,y\n1,ä\n2,ö\n".replace(",", separator)
    raw = read_table(csv(tmp_path, text, encoding), spec())
    assert list(raw.x.columns) == ["größe"]
    assert raw.y.tolist() == ["ä", "ö"]


def test_none_and_na_stay_words(tmp_path):
    raw = read_table(csv(tmp_path, "a,y\nNone,NA\nnull,nan\n"), spec())
    assert raw.y.tolist() == ["NA", "nan"]
    assert raw.x["a"].tolist() == ["None", "null"]


def test_parquet_gives_what_was_written_and_says_what_it_cannot_see(tmp_path):
    frame = pd.DataFrame({"a": [1.5, None], "y": pd.Categorical(["u", "v"]), "b": [True, False]})
    frame.to_parquet(tmp_path / "t.parquet")
    raw = read_table(tmp_path / "t.parquet", spec())
    assert list(raw.x.columns) == ["a", "b"]
    assert raw.y.tolist() == ["u", "v"]
    assert "checksum" in raw.notes[0]


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("a,y\n1,u\n", {"label": "yy"}, "no label column 'yy'. Known: a, y; did you mean y"),
        ("a,y\n1,u\n", {"label": ""}, "needs the name of the column to predict. Write label: y"),
        ("a,y\n1,u\n", {"group": "who"}, "no group column 'who'"),
        ("a,y\n1,u\n", {"drop": ("b",)}, "no drop column 'b'"),
        ("a,y\n", {}, "header alone"),
        ("", {}, "CSV file with a header"),
        ("a,y\n1,u\n1,2,3,4\n", {}, "CSV file with a header"),
        ('a,y\n"1,u\n', {}, "CSV file with a header"),
    ],
)
def test_what_is_wrong_is_said_with_the_file(tmp_path, text, options, words):
    with pytest.raises(DataError, match=f"^`t.csv`.*{words}") as info:
        read_table(csv(tmp_path, text), spec(**options))
    assert "\n" not in str(info.value)


def test_a_row_with_more_fields_than_the_header_is_refused_not_shifted(tmp_path):
    with pytest.raises(DataError, match=r"CSV file with a header"):
        read_table(csv(tmp_path, "a,y\n1,u,7\n2,v,8\n"), spec())


def test_another_encoding_is_refused_with_the_byte(tmp_path):
    path = csv(tmp_path, "a,y\n1,ä\n", "latin-1")
    with pytest.raises(DataError, match=r"must be UTF-8; got byte 0xe4"):
        read_table(path, spec())


def test_a_cut_parquet_file_is_refused(tmp_path):
    pd.DataFrame({"a": [1], "y": [2]}).to_parquet(tmp_path / "t.parquet")
    content = (tmp_path / "t.parquet").read_bytes()
    (tmp_path / "t.parquet").write_bytes(content[:-9])
    with pytest.raises(DataError, match=r"^`t.parquet` must be a Parquet file"):
        read_table(tmp_path / "t.parquet", spec())


def test_a_flipped_byte_of_a_text_is_refused_as_no_utf_8(tmp_path):
    pd.DataFrame({"a": ["blue", "grey"], "y": [1, 2]}).to_parquet(tmp_path / "t.parquet")
    content = bytearray((tmp_path / "t.parquet").read_bytes())
    content[content.index(b"grey")] = 0xFF
    (tmp_path / "t.parquet").write_bytes(content)
    with pytest.raises(DataError, match=r"^`t.parquet` must be a Parquet file; .*UTF8"):
        read_table(tmp_path / "t.parquet", spec())
