"""Experiments are found by name, brought back, or replaced; what a kill left is cleared."""

from pipeline.doctor.mlflow_checks import tracking_findings
from pipeline.tracking.records.names import CHAMPIONS, MACHINE, experiment
from pipeline.tracking.records.record import KEY_TAG, PROJECT_TAG
from pipeline.tracking.store.address import local_folder
from pipeline.tracking.store.experiments import clear_leftovers, ensure_experiment, retire


def test_the_same_name_gives_the_same_experiment_with_new_tags(connection):
    first = ensure_experiment(connection, "knockout/main/digits", {"a": "1"})
    assert ensure_experiment(connection, "knockout/main/digits", {"a": "2"}) == first
    assert connection.client.get_experiment(first).tags["a"] == "2"


def test_artifacts_lie_in_the_projects_folder(connection, project):
    identifier = ensure_experiment(connection, "knockout/main/digits", {})
    location = connection.client.get_experiment(identifier).artifact_location
    assert local_folder(location) == project.resolve() / "mlartifacts/knockout/main/digits"


def test_a_retired_experiment_frees_its_name(connection):
    first = ensure_experiment(connection, "knockout/main/digits", {})
    retire(connection, connection.client.get_experiment(first))
    second = ensure_experiment(connection, "knockout/main/digits", {})
    assert first != second
    assert connection.client.get_experiment(first).lifecycle_stage == "deleted"


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
