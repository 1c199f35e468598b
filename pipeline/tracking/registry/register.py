"""Register a dataset's champion as a model that MLflow can serve."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.champion.saved_network import Champion
from pipeline.tracking.records.names import champions_experiment, model_name
from pipeline.tracking.records.provenance import provenance
from pipeline.tracking.records.record import NOTE_TAG
from pipeline.tracking.registry.model_card import ALIAS, model_card
from pipeline.tracking.registry.package import save_model
from pipeline.tracking.registry.registered_run import registered_run
from pipeline.tracking.store.address import local_folder
from pipeline.tracking.store.connection import Connection
from pipeline.tracking.store.experiments import ensure_experiment
from pipeline.tracking.store.writer import write
from pipeline.tracking.views.ready_view import champions_view

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

_HASH_TAG = "parameters_sha256"
_FOLDER = "model"


@dataclass(frozen=True)
class Registered:
    """A registered version; `created` says whether this call made it."""

    name: str
    version: str
    created: bool

    @property
    def uri(self) -> str:
        """The address for `mlflow models serve -m`."""
        return f"models:/{self.name}@{ALIAS}"

    def __str__(self) -> str:
        return f"{self.uri} is version {self.version}{', new' if self.created else ''}"


def register_champion(
    connection: Connection, champion: Champion, row: Mapping[str, Any] | None = None
) -> Registered:
    """Register a network with version and alias `champion`.

    The same network again makes no new version, though its card may be written anew; another
    network is a new version, or an old one to which the alias goes back.

    Parameters
    ----------
    connection : Connection
        From `connect`.
    champion : Champion
        From `load_champion`.
    row : mapping, optional
        Its cell's row of the comparison table, for the model card.
    """
    client, card = connection.client, champion.card
    name = model_name(card.study, card.dataset)
    text = model_card(card, row or {})
    view = champions_view(card.study, tuple(card.levels), card.response)
    experiment = ensure_experiment(connection, champions_experiment(card.study), view)
    found = _version_of(connection, name, card.parameters_sha256)
    created = found is None
    if found is None:
        found = _new_version(connection, experiment, name, champion, text)
    elif found.description != text:
        client.update_model_version(name, found.version, text)
        if found.run_id:
            client.set_tag(found.run_id, NOTE_TAG, text)
    if dict(client.get_registered_model(name).aliases).get(ALIAS) != str(found.version):
        client.set_registered_model_alias(name, ALIAS, found.version)
    return Registered(name, str(found.version), created)


def _version_of(connection: Connection, name: str, sha256: str) -> ModelVersion | None:
    """Return the newest version with these parameters whose files are there."""
    versions = connection.client.search_model_versions(f"name = '{name}'")
    for known in sorted(versions, key=lambda version: -int(version.version)):
        if known.tags.get(_HASH_TAG) == sha256 and _is_there(connection, known.source or ""):
            return known
    return None


def _is_there(connection: Connection, source: str) -> bool:
    """Return whether a model's files lie where this project keeps them."""
    folder, root = local_folder(source), connection.artifact_root
    if folder is None or root is None:
        return True  # a server keeps them
    return folder.is_relative_to(root) and (folder / "MLmodel").is_file()


def _new_version(
    connection: Connection, experiment: str, name: str, champion: Champion, text: str
) -> ModelVersion:
    client, card = connection.client, champion.card
    record = registered_run(card, text, provenance(connection.project))
    (run_id,) = write(connection, experiment, [record])
    with tempfile.TemporaryDirectory() as folder:
        save_model(champion, Path(folder) / _FOLDER)
        client.log_artifacts(run_id, str(Path(folder) / _FOLDER), _FOLDER)
    _ensure_model(connection, name, card.study, card.dataset)
    return client.create_model_version(
        name,
        f"{client.get_run(run_id).info.artifact_uri}/{_FOLDER}",
        run_id,
        tags={_HASH_TAG: card.parameters_sha256, "run_key": card.run_key, "cell": card.cell},
        description=text,
        await_creation_for=0,  # the files are there already
    )


def _ensure_model(connection: Connection, name: str, study: str, dataset: str) -> None:
    from mlflow.exceptions import MlflowException

    description = (
        f"The best network of study {study} on {dataset}; alias `{ALIAS}`. Older versions are "
        "former champions."
    )
    try:
        connection.client.create_registered_model(
            name, {"study": study, "dataset": dataset}, description
        )
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
