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
    clone = replace(finished, root=root, environment={**finished.environment, **paths})
    clone.dvc("pull")
    return clone


def test_the_report_is_up_to_date_and_redraws_without_training(fresh):
    said = fresh.dvc("repro", "report")
    assert "Stage 'train@digits' didn't change, skipping" in said
    fresh.dvc("repro", "-f", "-s", "report")
    assert not fresh.runs()
    assert fresh.git("status", "--short") == ""


def test_a_changed_report_alone_is_drawn_again(fresh):
    fresh.edit("pipeline/results/report/report.css", "body", "/* another look */ body")
    said = fresh.dvc("repro", "report")
    assert "Running stage 'report'" in said
    assert said.count("Running stage") == 2  # the other asks for the data
    assert not fresh.runs()
    fresh.git("checkout", "-q", ".")


def test_a_lost_table_comes_back_from_the_cache(fresh):
    table = fresh.root / "results/digits/runs.parquet"
    content = table.read_bytes()
    table.unlink()
    shutil.rmtree(fresh.root / ".dvc/cache")
    fresh.dvc("pull")
    assert table.read_bytes() == content
    assert not fresh.runs()
