"""Which runs an experiment already holds: one search, whatever their number."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.tracking.records.record import DIGEST_TAG, KEY_TAG, PROJECT_TAG
from pipeline.tracking.store.address import local_folder
from pipeline.tracking.store.connection import Connection

_PAGE = 500


@dataclass(frozen=True)
class Held:
    """A run that MLflow holds.

    Parameters
    ----------
    run_id, name, status : str
        As MLflow has them.
    key : str
        Its tag `run_key`; empty for a run that is not ours.
    digest : str
        Its tag `knockout.digest`.
    artifact_uri : str
        Where its artifacts lie.
    project : str
        Its tag `project`, which runs of the machine's metrics have; else empty.
    """

    run_id: str
    name: str
    status: str
    key: str
    digest: str
    artifact_uri: str
    project: str = ""

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
    found, token = [], None
    while True:
        page = connection.client.search_runs(
            [experiment_id], max_results=_PAGE, order_by=["attributes.start_time"], page_token=token
        )
        for run in page:
            tags, info = run.data.tags, run.info
            found.append(
                Held(
                    run_id=info.run_id,
                    name=info.run_name,
                    status=info.status,
                    key=tags.get(KEY_TAG, ""),
                    digest=tags.get(DIGEST_TAG, ""),
                    artifact_uri=info.artifact_uri,
                    project=tags.get(PROJECT_TAG, ""),
                )
            )
        if not (token := page.token):
            return found
