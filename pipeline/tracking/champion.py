"""Register the best cell's network of a dataset as a model that MLflow can serve."""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import nn
from experiments.result import RunResult
from experiments.run_spec import RunSpec
from pipeline.tracking.connection import Connection
from pipeline.tracking.experiment import ensure_experiment, local_folder
from pipeline.tracking.layout import champion_experiment, run_record
from pipeline.tracking.model_card import model_card
from pipeline.tracking.provenance import provenance
from pipeline.tracking.writer import write

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion
    from mlflow.models import ModelSignature

ALIAS = "champion"
_HASH_TAG = "parameters_sha256"
_FOLDER = "network"


@dataclass(frozen=True)
class Champion:
    """A trained network with everything needed to serve it.

    Parameters
    ----------
    spec, result : RunSpec, RunResult
        The run that trained it: of the best cell, the replicate with the highest validation
        accuracy (never test accuracy).
    network : Path
        File written by `nn.save`.
    scale, shift : float
        Pixel scaling fitted on the run's training part: x = raw * scale + shift.
    image_shape : tuple of int
        Height and width of an image.
    class_names : tuple of str
        One name per class.
    row : mapping
        The cell's row of the comparison table, for the model card.
    """

    spec: RunSpec
    result: RunResult
    network: Path
    scale: float
    shift: float
    image_shape: tuple[int, int]
    class_names: tuple[str, ...]
    row: Mapping[str, Any] = field(default_factory=dict)

    @property
    def model_name(self) -> str:
        """The registered model's name, one per study and dataset."""
        return f"knockout-{self.spec.study}-{self.spec.dataset}"


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


def register_champion(connection: Connection, champion: Champion) -> Registered:
    """Register a network with version and alias `champion`.

    The same network again makes no new version; the alias moves to the version that holds it.

    Raises
    ------
    ValueError
        If the file does not hold the network that the run trained.
    """
    _check_network(champion)
    client, name = connection.client, champion.model_name
    found = _version_of(connection, champion)
    created = found is None
    if found is None:
        found = _new_version(connection, champion)
    client.set_registered_model_alias(name, ALIAS, found.version)
    return Registered(name, str(found.version), created)


def _check_network(champion: Champion) -> None:
    network = nn.load(champion.network)
    found = hashlib.sha256(network.parameters.tobytes()).hexdigest()
    if champion.result.parameters_sha256 not in ("", found):
        raise ValueError(
            f"{champion.network} — must hold the network of run {champion.spec.run_key} "
            f"({champion.result.parameters_sha256[:12]}) — got {found[:12]}. Train it again."
        )


def _version_of(connection: Connection, champion: Champion) -> ModelVersion | None:
    """Return the registered version with these parameters, if its files are there."""
    versions = connection.client.search_model_versions(f"name = '{champion.model_name}'")
    for known in versions:
        folder = local_folder(known.source or "")
        there = folder is None or (folder / "MLmodel").is_file()
        if there and known.tags.get(_HASH_TAG) == champion.result.parameters_sha256:
            return known
    return None


def _new_version(connection: Connection, champion: Champion) -> ModelVersion:
    from mlflow.exceptions import MlflowException

    client, spec, name = connection.client, champion.spec, champion.model_name
    card = model_card(champion)
    tags = {"mlflow.note.content": f"The best networks of **{spec.dataset}**, as registered."}
    identifier = ensure_experiment(connection, champion_experiment(spec.study, spec.dataset), tags)
    run_id = write(
        connection, identifier, run_record(spec, champion.result, provenance(connection.project))
    )
    with tempfile.TemporaryDirectory() as folder:
        save_model(champion, Path(folder) / _FOLDER)
        client.log_artifacts(run_id, str(Path(folder) / _FOLDER), _FOLDER)
    client.set_tag(run_id, "mlflow.note.content", card)
    try:
        client.create_registered_model(
            name, description=f"The best network of study {spec.study} on {spec.dataset}."
        )
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    source = f"{client.get_run(run_id).info.artifact_uri}/{_FOLDER}"
    return client.create_model_version(
        name,
        source,
        run_id,
        tags={
            _HASH_TAG: champion.result.parameters_sha256,
            "run_key": spec.run_key,
            "cell": spec.cell,
        },
        description=card,
    )


def save_model(champion: Champion, folder: Path) -> None:
    """Write a self-contained model: weights, preprocessing, the code that runs them."""
    with tempfile.TemporaryDirectory() as name:
        settings = Path(name) / "preprocessing.json"
        settings.write_text(
            json.dumps(
                {
                    "scale": champion.scale,
                    "shift": champion.shift,
                    "image_shape": list(champion.image_shape),
                    "class_names": list(champion.class_names),
                }
            ),
            encoding="utf-8",
        )
        with warnings.catch_warnings():
            # MLflow advises type hints, which cannot say what the signature says.
            warnings.simplefilter("ignore", UserWarning)
            _save(champion, folder, settings)


def _save(champion: Champion, folder: Path, settings: Path) -> None:
    import mlflow.pyfunc

    mlflow.pyfunc.save_model(
        folder,
        python_model=str(Path(__file__).with_name("champion_model.py")),
        artifacts={"network": str(champion.network), "preprocessing": str(settings)},
        code_paths=[str(Path(nn.__file__).parent)],
        signature=signature(champion),
        input_example=np.zeros((1, math.prod(champion.image_shape)), np.float32),
        # Named, because MLflow otherwise finds them by running the model in a subprocess.
        pip_requirements=[f"{name}=={version(name)}" for name in ("mlflow", "numpy", "pandas")],
    )


def signature(champion: Champion) -> ModelSignature:
    """Return what the model takes, raw pixels in rows, and what it answers."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema, TensorSpec

    height, width = champion.image_shape
    pixels = TensorSpec(np.dtype("float32"), (-1, height * width))
    answer: list[ColSpec | TensorSpec]
    answer = [ColSpec("long", "class"), ColSpec("string", "name"), ColSpec("double", "probability")]
    answer += [ColSpec("double", f"p{i}") for i in range(len(champion.class_names))]
    return ModelSignature(inputs=Schema([pixels]), outputs=Schema(answer))
