"""The champion: the trained network of a dataset's best run, in a folder of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from data_loaders.scaling import Scaling
from experiments.errors import StudyError
from nn.network import Network
from nn.serialization import DamagedFileError, load, save
from pipeline import atomic

CARD, NETWORK = "champion.json", "network.safetensors"
_CHECKSUM = "card_sha256"
# In the place of a champion: why there is none.
NONE = "no-champion.txt"
RULE = (
    "the cell with the best mean {response} on validation data, and of its replicates the best "
    "one; the test part had no say, so that its figure is fair"
)


@dataclass(frozen=True)
class ChampionCard:
    """What is known of a champion, as `champion.json` holds it.

    `levels` are those of its cell, `recipe` is the whole recipe as params.yaml would write it, and
    `rule` says in words how it was chosen. Accuracies, in [0, 1], and `scores`, by column and
    unscaled, are those of this run. The stored network must have `parameters_sha256`. Pixels are
    scaled as in the run's training part: x = raw * scale + shift, where the background is 0 and
    `brightest` the largest raw value.
    """

    study: str
    dataset: str
    cell: str
    run_key: str
    levels: Mapping[str, str]
    recipe: Mapping[str, Any]
    replicate: int
    rule: str
    learning_rate: float
    val_accuracy: float
    test_accuracy: float
    n_test: int
    parameters_sha256: str
    scale: float
    shift: float
    image_shape: tuple[int, int]
    brightest: int
    class_names: tuple[str, ...]
    content_hash: str
    environment: Mapping[str, str]
    response: str
    scores: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Champion:
    """A trained network and its card."""

    network: Network
    card: ChampionCard

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Return class probabilities (n, n_classes), float64, of raw images (n, h, w)."""
        scaling = Scaling(self.card.scale, self.card.shift)
        return self.network.predict_proba(scaling.apply(images))

    @property
    def first_layer(self) -> np.ndarray | None:
        """The weights that meet the pixels, shape (n_inputs, n_units); None without such."""
        arrays = self.network.named_arrays().items()
        found = (value for name, value in arrays if name.endswith(".weight"))
        return next((v for v in found if v.ndim == 2 and len(v) == self.network.n_inputs), None)


def sha256(network: Network) -> str:
    """Return the hash of a network's parameters, as runs record it."""
    return hashlib.sha256(network.parameters.tobytes()).hexdigest()


def write_champion(champion: Champion, folder: Path) -> None:
    """Write network and card; the card last, so that it vouches for the network."""
    atomic.write_with(folder / NETWORK, partial(save, champion.network))
    content = asdict(champion.card)
    card = json.dumps({**content, _CHECKSUM: _checksum(content)}, indent=2, ensure_ascii=False)
    atomic.write_text(folder / CARD, card + "\n")


def _checksum(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a card's content, whatever its layout."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def write_none(why: str, folder: Path) -> None:
    """Say in a champion's place why there is none; DVC warns of a folder that is empty."""
    atomic.write_text(folder / NONE, f"{why}\n")


def load_champion(folder: Path) -> Champion:
    """Read a champion back.

    Raises
    ------
    StudyError
        If the folder holds none, or its network is not the one that the card names.
    """
    again = f"Run `dvc repro champion@{folder.parent.name}`."
    try:
        content = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if content.pop(_CHECKSUM) != _checksum(content):
            raise ValueError(f"{CARD} does not have the checksum that it was written with")
        lists = ("image_shape", "class_names")
        card = ChampionCard(**{**content, **{name: tuple(content[name]) for name in lists}})
        network = load(folder / NETWORK)
    except FileNotFoundError:
        none = folder / NONE
        why = f": {none.read_text(encoding='utf-8').strip()}" if none.exists() else ""
        raise StudyError(f"{folder} holds no champion{why}. {again}") from None
    except (DamagedFileError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StudyError(f"{folder} holds a damaged champion: {error}. {again}") from None
    if sha256(network) != card.parameters_sha256:
        raise StudyError(
            f"{folder / NETWORK} must hold parameters {card.parameters_sha256[:12]}; "
            f"got {sha256(network)[:12]}. {again}"
        )
    return Champion(network, card)
