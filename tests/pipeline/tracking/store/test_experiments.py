"""Experiments are found by name, brought back, or replaced after a move."""

from pipeline.tracking.store.address import local_folder
from pipeline.tracking.store.experiments import ensure_experiment, retire


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
