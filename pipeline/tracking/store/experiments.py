"""MLflow experiments by name: made, brought back, replaced after the project moved; their runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from pipeline.tracking.records.names import CHAMPIONS, MACHINE, experiment
from pipeline.tracking.records.record import DIGEST_TAG, KEY_TAG, PROJECT_TAG
from pipeline.tracking.store.address import local_folder
from pipeline.tracking.store.connection import Connection

if TYPE_CHECKING:
    from mlflow.entities import Experiment

# The UI asks every new experiment which of its two faces to show; this answers it.
_KIND = {"mlflow.experimentKind": "custom_model_development"}
_PAGE = 500


def ensure_experiment(connection: Connection, name: str, tags: Mapping[str, str]) -> str:
    """Return the id of the experiment with this name, with these tags set.

    An experiment that was deleted in the UI is restored. One whose artifacts lie under another
    folder than this project's is retired, because addresses of artifacts are absolute and
    cannot be fixed: the project was moved, and the next sync fills the new one.
    """
    client, root = connection.client, connection.artifact_root
    found = client.get_experiment_by_name(name)
    folder = local_folder(found.artifact_location) if found else None
    if found and root and folder and not folder.is_relative_to(root):
        retire(connection, found)
        found = None
    if found is None:
        location = None if root is None else (root / name).as_uri()
        return str(client.create_experiment(name, location, {**_KIND, **tags}))
    if found.lifecycle_stage == "deleted":
        client.restore_experiment(found.experiment_id)
    for key, value in {**_KIND, **tags}.items():
        if found.tags.get(key) != value:
            client.set_experiment_tag(found.experiment_id, key, value)
    return str(found.experiment_id)


def retire(connection: Connection, found: Experiment) -> None:
    """Delete an experiment and free its name; `mlflow gc` then removes it for good."""
    client = connection.client
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H.%M.%S.%f")
    if found.lifecycle_stage == "deleted":
        client.restore_experiment(found.experiment_id)
    client.rename_experiment(found.experiment_id, f"{found.name} (retired {stamp})")
    client.delete_experiment(found.experiment_id)


def study_experiments(connection: Connection, study: str) -> dict[str, Experiment]:
    """Return every live experiment of a study by its name."""
    own = experiment(study)
    found = connection.client.search_experiments(filter_string=f"name LIKE '{own}%'")
    return {e.name: e for e in found if e.name == own or e.name.startswith(f"{own}/")}


class Held(NamedTuple):
    """What matters of a run that MLflow holds; an empty text where it lacks a tag."""

    run_id: str
    name: str
    status: str
    artifact_uri: str
    key: str
    digest: str
    project: str

    @property
    def finished(self) -> bool:
        """Whether it was written to its end."""
        return self.status in ("FINISHED", "FAILED")

    @property
    def lost_artifacts(self) -> bool:
        """Whether the folder of its artifacts, on this machine, is not there."""
        folder = local_folder(self.artifact_uri)
        return folder is not None and not folder.is_dir()


def held_runs(connection: Connection, experiment_id: str) -> list[Held]:
    """Return every live run of an experiment, the oldest first."""
    found: list[Held] = []
    token = None
    while True:
        page = connection.client.search_runs(
            [experiment_id], max_results=_PAGE, order_by=["attributes.start_time"], page_token=token
        )
        for run in page:
            info = run.info
            tags = (run.data.tags.get(name, "") for name in (KEY_TAG, DIGEST_TAG, PROJECT_TAG))
            found.append(Held(info.run_id, info.run_name, info.status, info.artifact_uri, *tags))
        if not (token := page.token):
            return found


def leftovers(connection: Connection, study: str) -> dict[str, list[Held]]:
    """Return the runs beside the mirror that a killed process left, by `CHAMPIONS` and `MACHINE`.

    A champion's run without a registered version, and a monitor still RUNNING although this
    project's one writer is idle; call it under the writer's lock.
    """
    client, live = connection.client, study_experiments(connection, study)
    champions, monitors = (
        held_runs(connection, live[name].experiment_id) if name in live else []
        for name in (experiment(study, CHAMPIONS), experiment(study, MACHINE))
    )
    here = str(connection.project)
    return {
        CHAMPIONS: [
            run
            for run in champions
            if run.key and not client.search_model_versions(f"run_id = '{run.run_id}'")
        ],
        MACHINE: [run for run in monitors if run.project == here and run.status == "RUNNING"],
    }


def clear_leftovers(connection: Connection, study: str) -> None:
    """Delete half a champion and end a monitor; call it under the writer's lock."""
    left = leftovers(connection, study)
    for run in left[CHAMPIONS]:
        connection.client.delete_run(run.run_id)
    for run in left[MACHINE]:
        connection.client.set_terminated(run.run_id, "KILLED")
