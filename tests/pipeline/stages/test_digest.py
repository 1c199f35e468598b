"""Stage `digest`: a change of any result changes the digest, and nothing else does."""

from pathlib import Path

from pipeline.stages import digest


def made(results: Path) -> str:
    digest.run(results, "digits")
    return (results / "digests" / "digits.json").read_text()


def test_it_follows_the_content_of_the_datasets_files(tmp_path: Path) -> None:
    folder = tmp_path / "digits"
    (folder / "champion").mkdir(parents=True)
    (folder / "runs.parquet").write_bytes(b"one")
    (folder / "champion" / "card.json").write_bytes(b"{}")
    first = made(tmp_path)
    assert "champion/card.json" in first
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / "runs.parquet").write_bytes(b"other")
    assert made(tmp_path) == first
    (folder / "runs.parquet").write_bytes(b"two")
    assert made(tmp_path) != first
