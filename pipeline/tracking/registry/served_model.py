"""The served model: images in, class and probabilities out.

MLflow copies this file beside the weights and runs it to load the model (*models from code*),
so nothing is pickled. It knows `nn` alone, which is copied with it.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

from nn.serialization import load


class ChampionModel(PythonModel):
    """Scale pixels as in training, run the network, name the classes."""

    def load_context(self, context: Any) -> None:
        """Read network and preprocessing from the model's artifacts."""
        self.network = load(context.artifacts["network"])
        text = Path(context.artifacts["preprocessing"]).read_text(encoding="utf-8")
        self.preprocessing = json.loads(text)

    # Of all hints, MLflow takes that of an array for no schema of its own: the signature stands.
    def predict(
        self, context: Any, model_input: np.ndarray, params: dict[str, Any] | None = None
    ) -> pd.DataFrame:
        """Return class, its name, its probability, and every class's probability.

        Images are raw pixel values of shape (n, height, width) or (n, height * width), or one.
        """
        rows = self._rows(np.asarray(model_input))
        scale, shift = (np.float32(self.preprocessing[name]) for name in ("scale", "shift"))
        probabilities = self.network.predict_proba(rows * scale + shift)
        best = probabilities.argmax(axis=1)
        names = np.array(self.preprocessing["class_names"], dtype=object)
        answer = {"class": best, "name": names[best], "probability": probabilities.max(axis=1)}
        answer |= {f"p{i}": probabilities[:, i] for i in range(probabilities.shape[1])}
        return pd.DataFrame(answer)

    def _rows(self, images: np.ndarray) -> np.ndarray:
        """Return images as float32 rows of pixels."""
        height, width = self.preprocessing["image_shape"]
        pixels = height * width
        single = images.shape in ((height, width), (pixels,))
        shape = images.shape if single else images.shape[1:]
        if math.prod(shape) != pixels or not shape:
            raise ValueError(
                f"`inputs` must be images of {height} x {width} pixels, nested lists or rows of "
                f"{pixels}; got an array of shape {images.shape}. Send [[…], …], raw values."
            )
        try:
            rows = images.reshape(-1, pixels).astype(np.float32)
        except (TypeError, ValueError):
            raise ValueError("`inputs` must hold numbers; got something else.") from None
        if not np.isfinite(rows).all():
            raise ValueError("`inputs` must hold finite numbers; got NaN or infinity.")
        return rows


set_model(ChampionModel())
