"""What `dvc metrics`, `params` and `plots` show and compare."""

import json

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def changed(finished):
    """The project after another replicate, not committed."""
    stored = finished.runs()
    finished.edit("params.yaml", "replicates: 2", "replicates: 4")
    finished.dvc("repro")
    yield finished
    finished.restore(stored)


def test_metrics_are_few_flat_numbers_per_dataset(changed):
    shown = json.loads(changed.dvc("metrics", "show", "--json"))[""]["data"]
    numbers = shown["results/metrics.json"]["data"]["digits"]
    assert 5 <= len(numbers) <= 25
    assert all(isinstance(value, int | float) for value in numbers.values())
    assert numbers["runs_ok"] == 16


def test_metrics_diff_compares_with_the_commit(changed):
    found = json.loads(changed.dvc("metrics", "diff", "--json"))["results/metrics.json"]
    assert found["digits.runs_ok"] == {"old": 8, "new": 16, "diff": 8}


def test_params_diff_names_the_key(changed):
    found = json.loads(changed.dvc("params", "diff", "--json"))
    assert found["params.yaml"]["study.replicates"] == {"old": 2, "new": 4, "diff": 2}


def test_plots_show_draws_every_declared_plot(changed, tmp_path):
    said = changed.dvc("plots", "show", "--out", str(tmp_path)).splitlines()
    assert [line.rpartition("/")[2] for line in said] == ["index.html"]
    content = (tmp_path / "index.html").read_text()
    for title in ("Effects", "Learning curves", "Learning rates"):
        assert title in content
    assert "DVC_METRIC" not in content
    assert list((tmp_path / "static").glob("*effect_forest_digits.png"))


def test_plots_diff_holds_both_revisions(changed):
    found = json.loads(changed.dvc("plots", "diff", "HEAD", "--json"))["data"]
    rows = found["Learning curves"][0]["content"]["data"]["values"]
    assert {row["rev"] for row in rows} == {"HEAD", "workspace"}
    assert {row["cell"] for row in rows} == {"baseline", "adam", "dropout"}
    assert len(rows) == 2 * 3 * 2  # revisions, cells, epochs
