"""The health check names what differs between MLflow and the run store."""

import shutil

import pytest

from pipeline.doctor.mlflow_checks import tracking_findings
from pipeline.tracking.records.cell_record import cell_key
from pipeline.tracking.records.names import RUNS, experiment
from tests.pipeline.tracking.conftest import runs_in, sync_pairs

REPLICATES, CELLS = experiment("main", "digits", RUNS), experiment("main", "digits")


@pytest.fixture
def pairs(make_pairs):
    return make_pairs(2, 2)


@pytest.fixture
def synced(connection, pairs):
    sync_pairs(connection, pairs)
    return {
        REPLICATES: {spec.run_key for spec, _ in pairs},
        CELLS: {cell_key(spec) for spec, _ in pairs},
    }


def found_in(project, expected):
    return list(tracking_findings(project, "main", expected))


def test_a_synced_study_is_good(project, synced):
    assert [finding.level for finding in found_in(project, synced)] == ["good", "good"]


def test_orphans_gaps_duplicates_zombies_and_lost_artifacts_are_told_apart(
    project, connection, synced, pairs
):
    first, second, third, fourth = runs_in(connection, REPLICATES)
    client = connection.client
    twin = client.create_run(first.info.experiment_id, tags=first.data.tags)
    client.set_terminated(twin.info.run_id)
    client.set_terminated(second.info.run_id, "RUNNING")
    shutil.rmtree(project / "mlartifacts" / REPLICATES / third.info.run_id)
    expected = {REPLICATES: synced[REPLICATES] - {fourth.data.tags["run_key"]} | {"unseen"}}
    whats = "\n".join(finding.what for finding in found_in(project, expected))
    assert "2 runs not in MLflow" in whats  # the unseen one and the one left RUNNING
    assert "1 run in MLflow, but not in plan and store (orphans)" in whats
    assert "1 run in MLflow more than once (duplicates)" in whats
    assert "1 run left RUNNING" in whats
    assert "without their artifacts" in whats
    assert {f.remedy for f in found_in(project, expected)} == {"knockout sync"}
    # The command that is named mends all of it.
    sync_pairs(connection, pairs)
    assert {finding.level for finding in found_in(project, synced)} == {"good"}


def test_a_cell_left_running_is_found_and_mended(project, connection, synced, pairs):
    found = connection.client.get_experiment_by_name(CELLS)
    (first, *_) = connection.client.search_runs([found.experiment_id])
    connection.client.set_terminated(first.info.run_id, "RUNNING")
    faults = [f.what for f in found_in(project, synced) if f.level == "fault"]
    assert any("left RUNNING" in what and first.info.run_name in what for what in faults)
    sync_pairs(connection, pairs)
    assert {finding.level for finding in found_in(project, synced)} == {"good"}


def test_a_removed_dataset_is_noted(project, synced):
    levels = [finding.level for finding in found_in(project, {})]
    assert levels == ["note", "note"]


def test_an_empty_store_is_a_note_because_a_sync_leaves_the_mirror_alone(project, synced):
    findings = found_in(project, {REPLICATES: set(), CELLS: set()})
    assert [(f.level, f.remedy) for f in findings] == [("note", "")] * 2


def test_no_database_is_a_note_and_none_is_made(tmp_path, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    (finding,) = found_in(tmp_path, {REPLICATES: set()})
    assert finding.level == "note" and list(tmp_path.iterdir()) == []


def test_half_a_database_is_a_fault(project):
    (project / "mlflow.db").write_bytes(b"half")
    (finding,) = found_in(project, {})
    assert finding.level == "fault" and finding.remedy == "knockout sync"


def test_while_a_study_writes_nothing_is_said_of_its_runs(project, connection, synced):
    with connection.writing(timeout=0):
        (finding,) = found_in(project, synced)
    assert finding.level == "note"


def test_a_server_that_refuses_is_a_fault(project, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    (finding,) = found_in(project, {REPLICATES: set()})
    assert finding.level == "fault" and "127.0.0.1:9" in finding.what
