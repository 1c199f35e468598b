"""Runs beside the mirror that a killed process left: half a champion, a monitor without an end."""

from __future__ import annotations

from pipeline.tracking.records.names import champions_experiment, machine_experiment
from pipeline.tracking.store.connection import Connection
from pipeline.tracking.store.experiments import Held, held_runs


def leftovers(connection: Connection, study: str) -> dict[str, list[Held]]:
    """Return per experiment the runs that nothing will finish; call it under the writer's lock.

    A champion's run without a registered version, and a monitor still RUNNING although this
    project's one writer is at rest.
    """
    client, here = connection.client, str(connection.project)
    champions, machine = champions_experiment(study), machine_experiment(study)
    half = [
        run
        for run in _runs(connection, champions)
        if run.key and not client.search_model_versions(f"run_id = '{run.run_id}'")
    ]
    ours = [run for run in _runs(connection, machine) if run.project == here]
    return {champions: half, machine: [run for run in ours if run.status == "RUNNING"]}


def clear_leftovers(connection: Connection, study: str) -> None:
    """Delete half a champion and end a monitor; call it under the writer's lock."""
    left = leftovers(connection, study)
    for run in left[champions_experiment(study)]:
        connection.client.delete_run(run.run_id)
    for run in left[machine_experiment(study)]:
        connection.client.set_terminated(run.run_id, "KILLED")


def _runs(connection: Connection, name: str) -> list[Held]:
    found = connection.client.get_experiment_by_name(name)
    if found is None or found.lifecycle_stage == "deleted":
        return []
    return held_runs(connection, found.experiment_id)
