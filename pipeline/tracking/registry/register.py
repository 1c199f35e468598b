"""Register a dataset's champion as a model that MLflow can serve."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.champion.saved_network import CARD, Champion, ChampionCard
from pipeline.tracking.records.metrics import metric_key, scalar_points
from pipeline.tracking.records.names import champions_experiment, display_name, model_name
from pipeline.tracking.records.record import NOTE_TAG, DatasetUse, Record
from pipeline.tracking.registry.model_card import ALIAS, model_card
from pipeline.tracking.registry.package import save_model
from pipeline.tracking.store.address import local_folder
from pipeline.tracking.store.connection import Connection
from pipeline.tracking.store.experiments import ensure_experiment
from pipeline.tracking.views.ready_view import champions_view

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

_HASH_TAG = "parameters_sha256"
_FOLDER = "model"


def register_champion(
    connection: Connection, champion: Champion, row: Mapping[str, Any] | None = None
) -> ModelVersion:
    """Register a network, give it the alias `champion`, and return its version.

    The same network again makes no new version, though its card may be written anew; another
    network is a new version, or an old one to which the alias goes back.
    The row of its cell in the comparison table, where there is one, goes into the model card.
    """
    client, card = connection.client, champion.card
    name, text = model_name(card.study, card.dataset), model_card(card, row or {})
    view = champions_view(card.study, tuple(card.levels), card.response)
    experiment = ensure_experiment(connection, champions_experiment(card.study), view)
    version = _version_of(connection, name, card.parameters_sha256)
    if version is None:
        version = _new_version(connection, experiment, name, champion, text)
    elif version.description != text:
        client.update_model_version(name, version.version, text)
        if version.run_id:
            client.set_tag(version.run_id, NOTE_TAG, text)
    if dict(client.get_registered_model(name).aliases).get(ALIAS) != str(version.version):
        client.set_registered_model_alias(name, ALIAS, version.version)
    return version


def _version_of(connection: Connection, name: str, sha256: str) -> ModelVersion | None:
    """Return the newest version with these parameters whose files are there."""
    wanted = f"name = '{name}' and tag.{_HASH_TAG} = '{sha256}'"
    found = connection.client.search_model_versions(wanted, order_by=["version_number DESC"])
    return next((known for known in found if _is_there(connection, known.source or "")), None)


def _is_there(connection: Connection, source: str) -> bool:
    """Return whether a model's files lie where this project keeps them."""
    folder, root = local_folder(source), connection.artifact_root
    if folder is None or root is None:
        return True  # a server keeps them
    return folder.is_relative_to(root) and (folder / "MLmodel").is_file()


def _new_version(
    connection: Connection, experiment: str, name: str, champion: Champion, text: str
) -> ModelVersion:
    from mlflow.exceptions import MlflowException

    client, card = connection.client, champion.card
    (run_id,) = connection.write(experiment, [_run_of(card, text)])
    with tempfile.TemporaryDirectory() as folder:
        save_model(champion, Path(folder) / _FOLDER)
        client.log_artifacts(run_id, str(Path(folder) / _FOLDER), _FOLDER)
    about = (
        f"The best network of study {card.study} on {card.dataset}; alias `{ALIAS}`. Older "
        "versions are former champions."
    )
    try:
        client.create_registered_model(name, {"study": card.study, "dataset": card.dataset}, about)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    return client.create_model_version(
        name,
        f"{client.get_run(run_id).info.artifact_uri}/{_FOLDER}",
        run_id,
        tags={_HASH_TAG: card.parameters_sha256, "run_key": card.run_key, "cell": card.cell},
        description=text,
        await_creation_for=0,  # the files are there already
    )


def _run_of(card: ChampionCard, note: str) -> Record:
    """Return the run that is the model's home; its recipe and environment stand in the card."""
    now = round(time.time() * 1000)
    scores = {"test_accuracy": card.test_accuracy, "val_accuracy": card.val_accuracy, **card.scores}
    named = {"dataset": card.dataset, "cell": card.cell}
    return Record(
        key=card.run_key,
        name=f"{card.dataset} {display_name(card.cell, card.levels)}",
        status="FINISHED",
        start=now,
        end=now,
        params={**card.levels, **named, "replicate": str(card.replicate)},
        tags={
            "study": card.study,
            **named,
            "content_hash": card.content_hash,
            "parameters_sha256": card.parameters_sha256,
            NOTE_TAG: note,
        },
        metrics=tuple(scalar_points({str(metric_key(n)): v for n, v in scores.items()}, now)),
        dataset=DatasetUse(card.dataset, card.content_hash),
        artifacts=lambda: {CARD: json.dumps(asdict(card), indent=2, ensure_ascii=False) + "\n"},
    )
