"""Pack a champion as a self-contained pyfunc model: weights, preprocessing, the code."""

from __future__ import annotations

import json
import logging
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import nn
from pipeline.champion.saved_network import Champion

if TYPE_CHECKING:
    from mlflow.models import ModelSignature

# What the packed model imports; `nn` goes with it as source.
PACKAGES = ("mlflow", "numpy", "pandas")


def requirements() -> list[str]:
    """Return the pinned packages that the model needs, those that it was packed with."""
    return [f"{name}=={version(name)}" for name in PACKAGES]


def signature(n_classes: int) -> ModelSignature:
    """Return what the model takes and answers.

    The input is an array of any type and shape, so that people may send images as rows of
    pixels or as nested lists, whole numbers or not: MLflow would refuse all but one of these.
    The model checks the shape itself.
    """
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema, TensorSpec

    images = TensorSpec(np.dtype("O"), (-1,))
    answer: list[ColSpec | TensorSpec]
    answer = [ColSpec("long", "class"), ColSpec("string", "name"), ColSpec("double", "probability")]
    answer += [ColSpec("double", f"p{i}") for i in range(n_classes)]
    return ModelSignature(inputs=Schema([images]), outputs=Schema(answer))


def save_model(champion: Champion, folder: Path) -> None:
    """Write the model into `folder`, which must not exist."""
    import mlflow.pyfunc

    card = champion.card
    preprocessing = {
        "scale": card.scale,
        "shift": card.shift,
        "image_shape": list(card.image_shape),
        "class_names": list(card.class_names),
    }
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
            signature=signature(len(card.class_names)),
            input_example=np.zeros((1, *card.image_shape), np.uint8),
            metadata={"run_key": card.run_key, "content_hash": card.content_hash},
            # Named, because MLflow otherwise finds them by running the model in a subprocess.
            pip_requirements=requirements(),
        )
