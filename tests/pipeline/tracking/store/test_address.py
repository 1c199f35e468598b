"""Addresses: whatever a folder is called, and no secret of a server is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
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


@given(
    st.text(st.characters(codec="ascii", min_codepoint=33, exclude_characters="@"), min_size=4),
    st.sampled_from(["{}", "'{}' refused", "(got {})", "no answer from {}, 3 times"]),
)
def test_no_password_is_shown_whatever_signs_it_holds(password, sentence):
    """Of the project's own address; SQLAlchemy takes every sign but @ for part of a password."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", f"postgresql://ann:{password}@db.example:5432/x")
        text = shown(sentence.format(f"postgresql://ann:{password}@db.example:5432/x"))
    assert text in (
        sentence.format("postgresql://db.example:5432/x"),
        sentence.format("postgresql://…"),
    )


@pytest.mark.parametrize("part", ["?", "#"])
def test_a_token_with_an_at_sign_is_not_taken_for_the_host(part):
    assert shown(f"https://host{part}token=a@s3cret refused") == "https://… refused"


def test_a_long_reason_ends_at_a_word():
    line = reason(RuntimeError("wonderful " * 60))
    assert len(line) <= 202 and line.endswith("wonderful …")
