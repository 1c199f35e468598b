"""`knockout init`: what it lays out, and what it refuses."""

from pathlib import Path

import pytest

from experiments.errors import StudyError
from pipeline.commands.init import NO_GIT, SHARED, init_lines, project_files

ROOT = Path(__file__).resolve().parents[3]


def test_every_shared_file_is_that_of_the_checkout(tmp_path: Path) -> None:
    init_lines(tmp_path / "study")
    for name in SHARED:
        assert (tmp_path / "study" / name).read_bytes() == (ROOT / name).read_bytes()
    written = {
        path.relative_to(tmp_path / "study").as_posix()
        for path in (tmp_path / "study").rglob("*")
        if path.is_file()
    }
    assert written == {*project_files(), ".dvc/config.local"}


def test_a_folder_with_other_files_is_taken(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    init_lines(tmp_path)
    assert (tmp_path / "params.yaml").exists()
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_file_that_exists_is_kept_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(StudyError, match=r"must not overwrite a file; .*params\.yaml exists"):
        init_lines(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["params.yaml"]


@pytest.mark.parametrize("git", [True, False])
def test_dvc_learns_whether_there_is_a_history(tmp_path: Path, git: bool) -> None:
    if git:
        (tmp_path / ".git").mkdir()
    lines = init_lines(tmp_path / "study")
    local = tmp_path / "study" / ".dvc" / "config.local"
    assert local.exists() is not git
    assert git or local.read_text(encoding="utf-8") == NO_GIT
    assert any("Not a Git repository" in line for line in lines) is not git
