"""The served model: raw pixels in, class and probabilities out.

MLflow copies this file beside the weights and runs it to load the model (*models from code*),
so nothing is pickled. It knows `nn` alone, which is copied with it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

from nn.serialization import load
from nn.softmax import softmax


class ChampionModel(PythonModel):
    """Scale pixels as in training, run the network, name the classes."""

    def load_context(self, context: Any) -> None:
        """Read network and preprocessing from the model's artifacts."""
        self.network = load(context.artifacts["network"])
        text = Path(context.artifacts["preprocessing"]).read_text(encoding="utf-8")
        self.preprocessing = json.loads(text)

    # MLflow reads hints of `predict` as a schema of its own; the signature says it better.
    def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]
        """Return class, its name, its probability, and every class's probability.

        Parameters
        ----------
        context, params
            MLflow's; not used.
        model_input : array or DataFrame, shape (n, pixels) or (n, height, width)
            Raw pixel values, in the range of the dataset's images.
        """
        rows = np.asarray(model_input)
        rows = rows.reshape(len(rows), -1).astype(np.float32)
        scale, shift = (np.float32(self.preprocessing[name]) for name in ("scale", "shift"))
        probabilities = softmax(self.network.logits(rows * scale + shift).astype(np.float64))
        best = probabilities.argmax(axis=1)
        names = np.array(self.preprocessing["class_names"], dtype=object)
        answer = {"class": best, "name": names[best], "probability": probabilities.max(axis=1)}
        answer |= {f"p{i}": probabilities[:, i] for i in range(probabilities.shape[1])}
        return pd.DataFrame(answer)


set_model(ChampionModel())
