"""Sync makes MLflow hold exactly what the study has, whatever was there before."""

import pytest
from filelock import Timeout

from pipeline.tracking.records.names import RUNS, experiment
from pipeline.tracking.store.connection import connect, reason
from pipeline.tracking.synced_study import SyncReport, remove_other_datasets, sync
from tests.pipeline.tracking.conftest import runs_in, sync_pairs


def content(run):
    data = run.data
    tags = {k: v for k, v in data.tags.items() if k != "mlflow.user"}
    return data.params, data.metrics, tags, run.info.status, run.info.run_name, run.info.end_time


def snapshot(connection, *names):
    return sorted((content(run) for name in names for run in runs_in(connection, name)), key=str)


REPLICATES, CELLS = experiment("main", "digits", RUNS), experiment("main", "digits")


def test_run_keys_and_runs_correspond_one_to_one(connection, make_pairs):
    pairs = make_pairs(4, 2)
    report = sync_pairs(connection, pairs)
    assert (report.created, report.present) == (8 + 4, 0)
    keys = [run.data.tags["run_key"] for run in runs_in(connection, REPLICATES)]
    assert sorted(keys) == sorted(spec.run_key for spec, _ in pairs)


def test_a_second_sync_writes_nothing(connection, make_pairs):
    sync_pairs(connection, make_pairs())
    before = {run.info.run_id for name in (REPLICATES, CELLS) for run in runs_in(connection, name)}
    report = sync_pairs(connection, make_pairs())
    after = {run.info.run_id for name in (REPLICATES, CELLS) for run in runs_in(connection, name)}
    assert (report.created, report.replaced, report.removed) == (0, 0, 0)
    assert before == after


def test_a_deleted_database_is_rebuilt_to_the_same_content(
    connection, project, template_database, make_pairs
):
    sync_pairs(connection, make_pairs())
    before = snapshot(connection, REPLICATES, CELLS)
    uri = f"sqlite:///{project}/second.db"
    (project / "second.db").write_bytes(template_database.read_bytes())
    rebuilt = connect(project, uri)
    sync_pairs(rebuilt, make_pairs())
    assert snapshot(rebuilt, REPLICATES, CELLS) == before


def test_runs_of_a_removed_cell_vanish_and_foreign_runs_stay(connection, make_pairs):
    pairs = make_pairs(4, 2)
    sync_pairs(connection, pairs)
    experiment = connection.client.get_experiment_by_name(REPLICATES)
    connection.client.create_run(experiment.experiment_id, run_name="my own")
    gone = pairs[0][0].cell
    report = sync_pairs(connection, [pair for pair in pairs if pair[0].cell != gone])
    assert report.removed == 2 + 1
    names = {run.info.run_name for run in runs_in(connection, REPLICATES)}
    assert "my own" in names and not any(name.startswith(f"{gone} ") for name in names)


def test_a_run_cut_short_and_a_run_written_twice_are_mended(connection, make_pairs):
    pairs = make_pairs(2, 1)
    sync_pairs(connection, pairs)
    client = connection.client
    whole = runs_in(connection, REPLICATES)
    client.set_terminated(whole[0].info.run_id, "RUNNING")
    twin = client.create_run(whole[1].info.experiment_id, tags=whole[1].data.tags)
    client.set_terminated(twin.info.run_id)
    report = sync_pairs(connection, pairs)
    assert (report.replaced, report.removed) == (1, 1)
    assert len(runs_in(connection, REPLICATES)) == 2


def test_a_cell_is_rewritten_when_its_comparison_changes(connection, make_pairs):
    pairs = make_pairs(2, 2)
    cell = pairs[0][0].cell
    row = {"dataset": "digits", "cell": cell, "mean_accuracy": 0.5, "n": 2}
    sync_pairs(connection, pairs, {cell: row | {"verdict": "inconclusive"}})
    report = sync_pairs(connection, pairs, {cell: row | {"verdict": "helps"}})
    assert (report.replaced, report.present) == (1, 5)
    tags = {run.info.run_name: run.data.tags for run in runs_in(connection, CELLS)}
    assert tags[cell]["verdict"] == "helps"
    assert len(runs_in(connection, CELLS)) == 2


def test_the_commit_at_logging_does_not_make_another_run(connection, make_pairs, monkeypatch):
    sync_pairs(connection, make_pairs())
    monkeypatch.setattr(
        "pipeline.tracking.store.connection.provenance", lambda project: {"x": "another"}
    )
    connection = connect(connection.project)
    assert sync_pairs(connection, make_pairs()).replaced == 0


def test_other_datasets_and_studies_are_left_alone(connection, make_pairs):
    sync_pairs(connection, make_pairs(2, 1))
    sync_pairs(connection, make_pairs(2, 1, dataset="mnist"))
    report = sync_pairs(connection, make_pairs(2, 1, study="other"))
    assert report.removed == 0
    assert len(runs_in(connection, REPLICATES)) == 2
    remove_other_datasets(connection, "main", ["mnist"])
    assert connection.client.get_experiment_by_name(REPLICATES) is None
    assert len(runs_in(connection, experiment("main", "mnist", RUNS))) == 2


def test_tuning_trials_are_not_mirrored(connection, make_pairs):
    assert sync_pairs(connection, make_pairs(2, 1, trial=True)).created == 0


def test_an_experiment_deleted_in_the_ui_comes_back(connection, make_pairs):
    sync_pairs(connection, make_pairs(2, 1))
    found = connection.client.get_experiment_by_name(REPLICATES)
    connection.client.delete_experiment(found.experiment_id)
    sync_pairs(connection, make_pairs(2, 1))
    assert len(runs_in(connection, REPLICATES)) == 2


def test_after_the_project_moved_artifacts_are_written_anew(project, make_pairs):
    connection = connect(project)
    sync_pairs(connection, make_pairs(2, 1))
    moved = project.rename(project.with_name("moved"))
    connection = connect(moved)
    assert sync_pairs(connection, make_pairs(2, 1)).created == 4
    uri = runs_in(connection, REPLICATES)[0].info.artifact_uri
    assert uri.startswith(moved.as_uri())


def test_a_second_writer_waits_its_turn(connection, make_pairs, monkeypatch):
    monkeypatch.setattr(type(connection).writing, "__defaults__", (0.1,))
    with connection.writing(timeout=0), pytest.raises(Timeout) as caught:
        sync_pairs(connection, make_pairs(1, 1))
    assert "tracking.lock" in reason(caught.value)


@pytest.mark.parametrize("status", ["diverged", "failed"])
def test_runs_that_are_not_ok_show_as_failed_with_their_reason(connection, make_pairs, status):
    sync_pairs(connection, make_pairs(1, 1, status=status))
    (run,) = runs_in(connection, REPLICATES)
    assert run.info.status == "FAILED"
    assert "epoch 3" in run.data.tags["reason"] and "test/accuracy" not in run.data.metrics


def test_a_reader_filters_by_level_accuracy_verdict_and_replicate(connection, make_pairs):
    pairs = make_pairs(32, 2)
    sync_pairs(connection, pairs, {"adam+l2": {"verdict": "helps"}})

    def count(name, text):
        experiment = connection.client.get_experiment_by_name(name).experiment_id
        return len(connection.client.search_runs([experiment], text))

    assert count(REPLICATES, "params.optimizer = 'adam'") == 16
    assert count(CELLS, "params.optimizer = 'adam'") == 8
    assert count(REPLICATES, "params.cell = 'adam+l2' and params.replicate = '1'") == 1
    assert count(CELLS, "tags.verdict = 'helps'") == 1
    above = count(CELLS, "params.dropout = 'on' and metrics.\"test/accuracy\" > 0.9")
    assert 0 < above <= 16


@pytest.mark.parametrize(
    "name", ["c#proj", "100% right", "a b", "müll", "it's", 'say "hi"', "a&b;c"]
)
def test_any_folder_name_keeps_its_database_and_its_artifacts(
    tmp_path, template_database, make_pairs, monkeypatch, name
):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / name
    folder.mkdir()
    (folder / "mlflow.db").write_bytes(template_database.read_bytes())
    pairs = make_pairs(2, 1)
    assert sync_pairs(connect(folder), pairs).created == 4
    report = sync_pairs(connect(folder), pairs)
    assert (report.present, report.replaced) == (4, 0)
    connection = connect(folder)
    for run in runs_in(connection, REPLICATES):
        assert connection.client.list_artifacts(run.info.run_id)
        connection.client.download_artifacts(run.info.run_id, "configuration.json")
    assert len(list((folder / "mlartifacts").rglob("configuration.json"))) == 2
    # Nothing beside the project, no database moved aside.
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert not list(folder.glob("*unusable*"))


def test_a_clone_without_a_store_leaves_the_runs_alone(connection, make_pairs):
    pairs = make_pairs(2, 1)
    sync_pairs(connection, pairs)
    report = sync(connection, [spec for spec, _ in pairs], lambda spec: None)
    assert report == SyncReport()
    assert len(runs_in(connection, REPLICATES)) == 2


def test_results_are_read_cell_by_cell(connection, make_pairs):
    pairs, asked = make_pairs(4, 2), []
    results = {spec.run_key: result for spec, result in pairs}

    def read(spec):
        asked.append(spec.cell)
        return results[spec.run_key]

    sync(connection, [spec for spec, _ in pairs], read)
    assert len(asked) == 8 and asked[::2] == asked[1::2]
