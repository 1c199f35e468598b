"""Which runs an experiment already holds: one search, whatever their number."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.tracking.records.record import DIGEST_TAG, KEY_TAG, PROJECT_TAG
from pipeline.tracking.store.address import local_folder
from pipeline.tracking.store.connection import Connection

_PAGE = 500


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
