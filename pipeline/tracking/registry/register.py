"""Register a dataset's champion as a self-contained model that MLflow can serve."""

from __future__ import annotations

import json
import logging
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import nn
from pipeline.champion.saved_network import CARD, Champion, ChampionCard
from pipeline.tracking.records.metrics import metric_key, scalar_points
from pipeline.tracking.records.names import CHAMPIONS, display_name, experiment, model_name
from pipeline.tracking.records.ready_view import champions_view
from pipeline.tracking.records.record import KEY_TAG, NOTE_TAG, DatasetUse, Record, texts_of
from pipeline.tracking.registry.model_card import ALIAS, model_card, requirements
from pipeline.tracking.store.address import local_folder
from pipeline.tracking.store.connection import Connection
from pipeline.tracking.store.experiments import ensure_experiment

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

_HASH_TAG = "parameters_sha256"
_FOLDER = "model"


def register_champion(
    connection: Connection, champion: Champion, row: Mapping[Any, Any] | None = None
) -> ModelVersion:
    """Register a network, give it the alias `champion`, and return its version.

    The same network again makes no new version, though its card may be written anew; another
    network is a new version, or an old one to which the alias goes back.
    The row of its cell in the comparison table, where there is one, goes into the model card.
    """
    client, card = connection.client, champion.card
    name, text = model_name(card.study, card.dataset), model_card(card, row or {})
    view = champions_view(card.study, tuple(card.levels), card.response)
    champions = ensure_experiment(connection, experiment(card.study, CHAMPIONS), view)
    same = f"name = '{name}' and tag.{_HASH_TAG} = '{card.parameters_sha256}'"
    found = client.search_model_versions(same, order_by=["version_number DESC"])
    version = next((known for known in found if _is_there(connection, known.source or "")), None)
    if version is None:
        version = _new_version(connection, champions, name, champion, text)
    elif version.description != text:
        client.update_model_version(name, version.version, text)
        if version.run_id:
            client.set_tag(version.run_id, NOTE_TAG, text)
    if dict(client.get_registered_model(name).aliases).get(ALIAS) != str(version.version):
        client.set_registered_model_alias(name, ALIAS, version.version)
    return version


def _is_there(connection: Connection, source: str) -> bool:
    """Return whether a model's files lie where this project keeps them."""
    folder, root = local_folder(source), connection.artifact_root
    if folder is None or root is None:
        return True  # a server keeps them
    return folder.is_relative_to(root) and (folder / "MLmodel").is_file()


def _new_version(
    connection: Connection, champions: str, name: str, champion: Champion, text: str
) -> ModelVersion:
    from mlflow.exceptions import MlflowException

    client, card = connection.client, champion.card
    (run_id,) = connection.write(champions, [_run_of(card, text)])
    with tempfile.TemporaryDirectory() as folder:
        save_model(champion, Path(folder) / _FOLDER)
        client.log_artifacts(run_id, str(Path(folder) / _FOLDER), _FOLDER)
    about = (
        f"The best network of study {card.study} on {card.dataset}; alias `{ALIAS}`. Older "
        "versions are former champions."
    )
    try:
        client.create_registered_model(name, texts_of(card, "study", "dataset"), about)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    source = f"{client.get_run(run_id).info.artifact_uri}/{_FOLDER}"
    return client.create_model_version(
        name,
        source,
        run_id,
        tags=texts_of(card, _HASH_TAG, KEY_TAG, "cell"),
        description=text,
        await_creation_for=0,  # the files are there already
    )


def _run_of(card: ChampionCard, note: str) -> Record:
    """Return the run that is the model's home; its recipe and environment stand in the card."""
    now, hashes = round(time.time() * 1000), ("content_hash", _HASH_TAG)
    scores = {"test_accuracy": card.test_accuracy, "val_accuracy": card.val_accuracy, **card.scores}
    return Record(
        key=card.run_key,
        name=f"{card.dataset} {display_name(card.cell, card.levels)}",
        status="FINISHED",
        start=now,
        end=now,
        params={**card.levels, **texts_of(card, "dataset", "cell", "replicate")},
        tags={**texts_of(card, "study", "dataset", "cell", *hashes), NOTE_TAG: note},
        metrics=tuple(scalar_points({str(metric_key(n)): v for n, v in scores.items()}, now)),
        dataset=DatasetUse(card.dataset, card.content_hash),
        artifacts=lambda: {CARD: json.dumps(asdict(card), indent=2, ensure_ascii=False) + "\n"},
    )


def save_model(champion: Champion, folder: Path) -> None:
    """Write a pyfunc model into `folder`, which must not exist: weights, preprocessing, code.

    Its signature takes an array of any type and shape, so that people may send images as rows of
    pixels or as nested lists, whole numbers or not: MLflow would refuse all but one of these. The
    model checks the shape itself.
    """
    import mlflow.pyfunc
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema, TensorSpec

    card = champion.card
    fields = ("scale", "shift", "image_shape", "class_names")
    preprocessing = {name: getattr(card, name) for name in fields}
    answer: list[ColSpec | TensorSpec]
    answer = [ColSpec("long", "class"), ColSpec("string", "name"), ColSpec("double", "probability")]
    answer += [ColSpec("double", f"p{i}") for i in range(len(card.class_names))]
    logging.getLogger("mlflow.pyfunc").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as name:
        settings, network = Path(name) / "preprocessing.json", Path(name) / "network.safetensors"
        settings.write_text(json.dumps(preprocessing), encoding="utf-8")
        nn.save(champion.network, network)
        mlflow.pyfunc.save_model(
            folder,
            python_model=str(Path(__file__).with_name("served_model.py")),
            artifacts={"network": str(network), "preprocessing": str(settings)},
            code_paths=[str(Path(nn.__file__).parent)],
            signature=ModelSignature(Schema([TensorSpec(np.dtype("O"), (-1,))]), Schema(answer)),
            input_example=np.zeros((1, *card.image_shape), np.uint8),
            metadata=texts_of(card, "run_key", "content_hash"),
            # Named, because MLflow otherwise finds them by running the model in a subprocess.
            pip_requirements=requirements(),
        )
