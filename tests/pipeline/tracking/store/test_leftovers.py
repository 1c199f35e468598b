"""What a killed process leaves beside the mirror is found, and the sync clears it."""

from pipeline.doctor.mlflow_checks import tracking_findings
from pipeline.tracking.records.names import CHAMPIONS, MACHINE, experiment
from pipeline.tracking.records.record import KEY_TAG, PROJECT_TAG
from pipeline.tracking.store.experiments import clear_leftovers, ensure_experiment


def begin(connection, name, **tags):
    """Create a run that nobody finishes."""
    identifier = ensure_experiment(connection, name, {})
    return connection.client.create_run(identifier, run_name="half", tags=tags).info.run_id


def status(connection, run_id):
    info = connection.client.get_run(run_id).info
    return info.status, info.lifecycle_stage


def faults(project):
    return [f for f in tracking_findings(project, "main", {}) if f.level == "fault"]


def test_half_a_champion_is_found_and_cleared_a_registered_one_stays(project, connection):
    half = begin(connection, experiment("main", CHAMPIONS), **{KEY_TAG: "a"})
    whole = begin(connection, experiment("main", CHAMPIONS), **{KEY_TAG: "b"})
    connection.client.set_terminated(whole)
    connection.client.create_registered_model("knockout-main-digits")
    connection.client.create_model_version("knockout-main-digits", "file:///x", whole)
    (fault,) = faults(project)
    assert "1 run cut short" in fault.what and fault.remedy == "knockout sync"
    clear_leftovers(connection, "main")
    assert status(connection, half) == ("RUNNING", "deleted")
    assert status(connection, whole) == ("FINISHED", "active")
    assert faults(project) == []


def test_a_monitor_of_a_killed_training_is_ended_and_keeps_its_metrics(project, connection):
    own = begin(connection, experiment("main", MACHINE), **{PROJECT_TAG: str(project)})
    other = begin(connection, experiment("main", MACHINE), **{PROJECT_TAG: "/somewhere/else"})
    (fault,) = faults(project)
    assert "1 run cut short" in fault.what and "machine" in fault.what
    clear_leftovers(connection, "main")
    assert status(connection, own) == ("KILLED", "active")
    # Another project on the same server may be training right now.
    assert status(connection, other) == ("RUNNING", "active")
    assert faults(project) == []
