"""Addresses: whatever a folder is called, and no secret of a server is shown."""

import pytest
from sqlalchemy import make_url

from pipeline.tracking.store.address import AddressError, database_path, shown, tracking_uri
from pipeline.tracking.store.connection import connect, reason


def test_only_sqlite_addresses_have_a_path(tmp_path):
    assert database_path(f"sqlite:///{tmp_path}/a.db?timeout=3") == tmp_path / "a.db"
    assert database_path("sqlite://") is None
    assert database_path("postgresql://host/db") is None


def test_a_folder_of_runs_is_refused_in_one_whole_sentence(project, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "./mlruns")
    with pytest.raises(AddressError) as caught:
        connect(project)
    assert "got ./mlruns" in str(caught.value) and "\n" not in str(caught.value)
    assert "unset MLFLOW_TRACKING_URI" in str(caught.value) and "again" not in str(caught.value)


@pytest.mark.parametrize("name", ["what?", "a%20b", "%41"])
def test_what_ends_or_changes_an_address_is_refused_before_anything_is_made(
    tmp_path, monkeypatch, name
):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    folder = tmp_path / name
    folder.mkdir()
    with pytest.raises(AddressError, match=r"neither a question mark.*Rename the folder"):
        tracking_uri(folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["c#1", "a b", "ü", "50%", "q'q", 'q"q', "a&b=c", "[x]", "a;b"])
def test_every_other_name_is_one_that_sqlalchemy_opens(tmp_path, monkeypatch, name):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    uri = tracking_uri(tmp_path / name)
    assert make_url(uri).database == str(database_path(uri)) == f"{tmp_path}/{name}/mlflow.db"


@pytest.mark.parametrize(
    "text",
    [
        "no answer from https://ann:s3cret@host/p?token=s3cret",
        "(sqlalchemy) postgresql+psycopg://ann:s3cret@db:5432/x refused",
    ],
)
def test_no_secret_of_an_address_is_shown(text):
    assert ("s3cret" not in shown(text) and "host" in shown(text)) or "db:5432" in shown(text)
    assert "s3cret" not in reason(RuntimeError(text))


def test_a_long_reason_ends_at_a_word():
    line = reason(RuntimeError("wonderful " * 60))
    assert len(line) <= 202 and line.endswith("wonderful …")
