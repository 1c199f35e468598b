"""Sync makes MLflow hold exactly what the study has, whatever was there before."""

import pandas as pd
import pytest

from pipeline.tracking import connect, remove_other_datasets, sync
from pipeline.tracking.layout import cells_experiment, runs_experiment
from pipeline.tracking.lock import exclusive


def runs_in(connection, name):
    experiment = connection.client.get_experiment_by_name(name)
    return connection.client.search_runs([experiment.experiment_id])


def content(run):
    data = run.data
    tags = {k: v for k, v in data.tags.items() if k != "mlflow.user"}
    return data.params, data.metrics, tags, run.info.status, run.info.run_name, run.info.end_time


def snapshot(connection, *names):
    return sorted((content(run) for name in names for run in runs_in(connection, name)), key=str)


RUNS, CELLS = runs_experiment("main", "digits"), cells_experiment("main", "digits")


def test_run_keys_and_runs_correspond_one_to_one(connection, make_pairs):
    pairs = make_pairs(4, 2)
    report = sync(connection, "main", pairs)
    assert (report.created, report.present, report.failed) == (8 + 4, 0, ())
    keys = [run.data.tags["run_key"] for run in runs_in(connection, RUNS)]
    assert sorted(keys) == sorted(spec.run_key for spec, _ in pairs)


def test_a_second_sync_writes_nothing(connection, make_pairs):
    sync(connection, "main", make_pairs())
    before = {run.info.run_id for name in (RUNS, CELLS) for run in runs_in(connection, name)}
    report = sync(connection, "main", make_pairs())
    after = {run.info.run_id for name in (RUNS, CELLS) for run in runs_in(connection, name)}
    assert (report.created, report.replaced, report.removed) == (0, 0, 0)
    assert before == after


def test_a_deleted_database_is_rebuilt_to_the_same_content(
    connection, project, template_database, make_pairs
):
    sync(connection, "main", make_pairs())
    before = snapshot(connection, RUNS, CELLS)
    uri = f"sqlite:///{project}/second.db"
    (project / "second.db").write_bytes(template_database.read_bytes())
    rebuilt = connect(project, uri)
    sync(rebuilt, "main", make_pairs())
    assert snapshot(rebuilt, RUNS, CELLS) == before


def test_runs_of_a_removed_cell_vanish_and_foreign_runs_stay(connection, make_pairs):
    pairs = make_pairs(4, 2)
    sync(connection, "main", pairs)
    experiment = connection.client.get_experiment_by_name(RUNS)
    connection.client.create_run(experiment.experiment_id, run_name="my own")
    gone = pairs[0][0].cell
    report = sync(connection, "main", [pair for pair in pairs if pair[0].cell != gone])
    assert report.removed == 2 + 1
    names = {run.info.run_name for run in runs_in(connection, RUNS)}
    assert "my own" in names and not any(name.startswith(f"{gone} ") for name in names)


def test_a_run_cut_short_and_a_run_written_twice_are_mended(connection, make_pairs):
    pairs = make_pairs(2, 1)
    sync(connection, "main", pairs)
    client = connection.client
    whole = runs_in(connection, RUNS)
    client.set_terminated(whole[0].info.run_id, "RUNNING")
    twin = client.create_run(whole[1].info.experiment_id, tags=whole[1].data.tags)
    client.set_terminated(twin.info.run_id)
    report = sync(connection, "main", pairs)
    assert (report.replaced, report.removed) == (1, 1)
    assert len(runs_in(connection, RUNS)) == 2


def test_a_cell_is_rewritten_when_its_comparison_changes(connection, make_pairs):
    pairs = make_pairs(2, 2)
    row = {"dataset": "digits", "cell": pairs[0][0].cell, "mean_accuracy": 0.5, "n": 2}
    sync(connection, "main", pairs, pd.DataFrame([row | {"verdict": "inconclusive"}]))
    report = sync(connection, "main", pairs, pd.DataFrame([row | {"verdict": "helps"}]))
    assert (report.replaced, report.present) == (1, 5)
    tags = {run.info.run_name: run.data.tags for run in runs_in(connection, CELLS)}
    assert tags[row["cell"]]["verdict"] == "helps"
    assert len(runs_in(connection, CELLS)) == 2


def test_the_commit_at_logging_does_not_make_another_run(connection, make_pairs, monkeypatch):
    sync(connection, "main", make_pairs())
    monkeypatch.setattr("pipeline.tracking.study_sync.provenance", lambda project: {"x": "another"})
    assert sync(connection, "main", make_pairs()).replaced == 0


def test_other_datasets_and_studies_are_left_alone(connection, make_pairs):
    sync(connection, "main", make_pairs(2, 1))
    sync(connection, "main", make_pairs(2, 1, dataset="mnist"))
    report = sync(connection, "other", make_pairs(2, 1, study="other"))
    assert report.removed == 0
    assert len(runs_in(connection, RUNS)) == 2
    assert remove_other_datasets(connection, "main", ["mnist"]) == 2
    assert connection.client.get_experiment_by_name(RUNS) is None
    assert len(runs_in(connection, runs_experiment("main", "mnist"))) == 2


def test_tuning_trials_are_not_mirrored(connection, make_pairs):
    assert sync(connection, "main", make_pairs(2, 1, arm="tuning")).created == 0


def test_an_experiment_deleted_in_the_ui_comes_back(connection, make_pairs):
    sync(connection, "main", make_pairs(2, 1))
    found = connection.client.get_experiment_by_name(RUNS)
    connection.client.delete_experiment(found.experiment_id)
    assert sync(connection, "main", make_pairs(2, 1)).failed == ()
    assert len(runs_in(connection, RUNS)) == 2


def test_after_the_project_moved_artifacts_are_written_anew(project, make_pairs):
    connection = connect(project)
    sync(connection, "main", make_pairs(2, 1))
    moved = project.rename(project.with_name("moved"))
    connection = connect(moved)
    assert sync(connection, "main", make_pairs(2, 1)).created == 4
    uri = runs_in(connection, RUNS)[0].info.artifact_uri
    assert uri.startswith(moved.as_uri())


def test_a_refusing_server_is_reported_not_raised(project, make_pairs, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    report = sync(connect(project, "http://127.0.0.1:9"), "main", make_pairs(1, 1))
    assert report.failed == ("http://127.0.0.1:9 does not answer",)


def test_a_second_writer_waits_its_turn(connection, make_pairs, monkeypatch):
    monkeypatch.setattr("pipeline.tracking.study_sync._WAIT_SECONDS", 0.1)
    with exclusive(connection.lock_path, timeout=0):
        report = sync(connection, "main", make_pairs(1, 1))
    assert "tracking.lock" in report.failed[0]


@pytest.mark.parametrize("status", ["diverged", "failed"])
def test_runs_that_are_not_ok_show_as_failed_with_their_reason(connection, make_pairs, status):
    sync(connection, "main", make_pairs(1, 1, status=status))
    (run,) = runs_in(connection, RUNS)
    assert run.info.status == "FAILED"
    assert "epoch 3" in run.data.tags["reason"] and "test/accuracy" not in run.data.metrics


def test_a_reader_filters_by_level_accuracy_verdict_and_replicate(connection, make_pairs):
    pairs = make_pairs(32, 2)
    rows = [{"dataset": "digits", "cell": "adam+l2", "verdict": "helps"}]
    sync(connection, "main", pairs, pd.DataFrame(rows))

    def count(name, text):
        experiment = connection.client.get_experiment_by_name(name).experiment_id
        return len(connection.client.search_runs([experiment], text))

    assert count(RUNS, "params.optimizer = 'adam'") == 16
    assert count(CELLS, "params.optimizer = 'adam'") == 8
    assert count(RUNS, "params.cell = 'adam+l2' and params.replicate = '1'") == 1
    assert count(CELLS, "tags.verdict = 'helps'") == 1
    above = count(CELLS, "params.dropout = 'on' and metrics.\"test/accuracy\" > 0.9")
    assert 0 < above <= 16
