"""Rows written at once are what MLflow's client would have written."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from pipeline.tracking.records.run_record import run_record
from pipeline.tracking.store.experiments import ensure_experiment
from tests.pipeline.tracking.conftest import make_result


def as_read(connection, experiment_id):
    """Everything a reader gets of each run, but for ids and folders."""
    client, history = connection.client, connection.client.get_metric_history
    read = {}
    for run in client.search_runs([experiment_id]):
        info, data = run.info, run.data
        metrics = dict(sorted(data.metrics.items()))
        curves = {
            key: [(m.value, m.step, m.timestamp) for m in history(info.run_id, key)]
            for key in metrics
        }
        inputs = [
            (use.dataset.name, use.dataset.digest, use.dataset.source_type, use.dataset.source,
             [(tag.key, tag.value) for tag in use.tags])
            for use in run.inputs.dataset_inputs
        ]  # fmt: skip
        files = sorted(file.path for file in client.list_artifacts(info.run_id))
        shown = (info.run_name, info.status, info.start_time, info.end_time, info.lifecycle_stage)
        who = (info.user_id, info.artifact_uri.replace(info.run_id, "ID"))
        read[data.tags["run_key"]] = str(
            (shown, who, data.params, metrics, data.tags, curves, inputs, files)
        )
    return read


@pytest.mark.parametrize("status", ["ok", "diverged"])
def test_a_reader_gets_the_same_either_way(connection, make_pairs, status):
    pairs = make_pairs(2, 2, status=status)
    records = [run_record(spec, result, "7") for spec, result in pairs]
    assert connection.rows is not None
    read = []
    for way in (connection, replace(connection, rows=None)):
        experiment = ensure_experiment(connection, "same", {})
        ids = way.write(experiment, records)
        assert len(set(ids)) == 4
        read.append(as_read(connection, experiment))
        for run_id in ids:
            connection.client.delete_run(run_id)
    assert len(read[0]) == 4 and read[0] == read[1]


def test_a_run_of_many_epochs_goes_through_the_client_in_several_calls(connection, make_pairs):
    ((spec, _),) = make_pairs(1, 1)
    record = run_record(spec, make_result(spec, epochs=400), "7")
    experiment = ensure_experiment(connection, "long", {})
    (run_id,) = replace(connection, rows=None).write(experiment, [record])
    curves = {point.key for point in record.metrics if point.step}
    assert len(record.metrics) > 2000 and len(curves) == 5
    for key in curves:
        steps = [m.step for m in connection.client.get_metric_history(run_id, key)]
        assert sorted(steps) == list(range(1, 401))


def test_metrics_are_read_in_the_order_of_the_record_results_first(connection, make_pairs):
    experiment = ensure_experiment(connection, "ordered", {})
    record = run_record(*make_pairs(1, 1)[0], "7")
    (run_id,) = connection.write(experiment, [record])
    keys = list(dict.fromkeys(point.key for point in record.metrics))
    assert list(connection.client.get_run(run_id).data.metrics) == keys
    assert keys[0] == "test/accuracy" and keys[-1].startswith(("train/", "val/"))


def test_one_bad_record_leaves_none_of_its_batch(connection, make_pairs):
    experiment = ensure_experiment(connection, "some", {})
    good, bad = (run_record(*pair, "7") for pair in make_pairs(2, 1))
    bad = replace(bad, status="LOST")
    with pytest.raises(sqlite3.IntegrityError):
        connection.write(experiment, [good, bad])
    assert list(connection.client.search_runs([experiment])) == []


def test_an_experiment_has_each_dataset_once(connection, make_pairs):
    experiment = ensure_experiment(connection, "some", {})
    connection.write(experiment, [run_record(*pair, "7") for pair in make_pairs(4, 2)])
    with closing(sqlite3.connect(connection.rows)) as database:
        assert database.execute("select count(*) from datasets").fetchone() == (1,)
        assert database.execute("select count(*) from inputs").fetchone() == (8,)
