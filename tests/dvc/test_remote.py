"""A fresh clone with the remote: everything is there, nothing is trained."""

import shutil

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def fresh(finished, tmp_path_factory):
    from dataclasses import replace

    finished.dvc("push")
    home = tmp_path_factory.mktemp("elsewhere")
    root = home / "clone"
    finished.git("clone", "-q", str(finished.root), str(root))
    paths = {"PYTHONPATH": str(root), "HOME": str(home), "KNOCKOUT_CACHE": str(home / "data")}
    return replace(finished, root=root, environment={**finished.environment, **paths})


@pytest.fixture(scope="module")
def pulled(fresh):
    fresh.dvc("pull")
    return fresh


def test_before_a_pull_everything_answers_and_nothing_is_wiped(fresh):
    """The first test here: the clone holds what Git has."""
    assert "Running stage 'train@digits'" in fresh.dvc("repro", "--dry")
    assert "not in cache" in fresh.dvc("status", "dvc.yaml")
    before = {p: p.read_bytes() for p in fresh.root.rglob("re*/**/*") if p.is_file()}
    said = fresh.dvc("repro", "report", code=255)
    assert "the report needs stored runs; there are none. `dvc pull` gets them" in said
    fresh.run("knockout", "report", code=2)
    assert fresh.git("status", "--short") == ""
    assert {p: p.read_bytes() for p in before} == before
    assert not fresh.runs()


def test_the_report_is_up_to_date_and_redraws_without_training(pulled):
    fresh = pulled
    assert "Stage 'report' didn't change, skipping" in fresh.dvc("repro", "report")
    assert list((fresh.root / "reports/figures").glob("*.svg"))
    fresh.dvc("repro", "-f", "-s", "report")
    assert not fresh.runs()
    assert fresh.git("status", "--short") == ""


def test_a_changed_report_alone_is_drawn_again(pulled):
    fresh = pulled
    fresh.edit("pipeline/results/report/report.css", "body", "/* another look */ body")
    said = fresh.dvc("repro", "report")
    assert "Running stage 'report'" in said
    # The others ask for source and results.
    assert said.count("Running stage") == 3
    assert not fresh.runs()
    fresh.git("checkout", "-q", ".")


def test_a_lost_table_comes_back_from_the_cache(pulled):
    fresh = pulled
    table = fresh.root / "results/digits/runs.parquet"
    content = table.read_bytes()
    table.unlink()
    shutil.rmtree(fresh.root / ".dvc/cache")
    fresh.dvc("pull")
    assert table.read_bytes() == content
    assert not fresh.runs()


def test_an_unpacked_archive_without_git_works_once_it_is_told(pulled, tmp_path):
    """What `make study` does where there is no .git."""
    from dataclasses import replace

    root = tmp_path / "archive"
    shutil.copytree(pulled.root, root, ignore=shutil.ignore_patterns(".git"))
    archive = replace(pulled, root=root)
    archive.dvc("config", "--local", "core.no_scm", "true")
    assert "Stage 'train@digits' didn't change, skipping" in archive.dvc("repro")
