"""What the study knows of a dataset: results/<dataset>/dataset.json."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data_loaders.cache import cache_folder
from data_loaders.datasets import Dataset
from data_loaders.errors import DatasetUnavailableError
from data_loaders.load import load
from data_loaders.own import load_own
from data_loaders.registry import REGISTRY
from data_loaders.split import TEST_FRACTION
from pipeline import atomic
from pipeline.study.project import Project


@dataclass(frozen=True)
class DatasetCard:
    """A dataset's facts, or every source's reason why it cannot be had.

    The card does not say which source delivered: the content hash is what counts, and a
    change of source must not set off anything downstream.
    """

    name: str
    in_study: bool
    available: bool
    content_hash: str = ""
    n_train: int = 0
    n_test: int = 0
    image_shape: tuple[int, ...] = ()
    class_names: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    remedy: str = ""

    @property
    def usable(self) -> bool:
        """Whether the study has runs on this dataset."""
        return self.in_study and self.available

    @property
    def n_tested(self) -> int:
        """How many images a run is tested on."""
        return self.n_test or round(TEST_FRACTION * self.n_train)

    @property
    def n_left(self) -> int:
        """How many images are left for training and validation."""
        return self.n_train if self.n_test else self.n_train - self.n_tested


def _load(project: Project, name: str) -> Dataset:
    if name in REGISTRY:
        return load(name)
    path = project.root / Path(project.study.sources[name]).expanduser()
    return load_own(str(path), cache_folder(), name=name)


def draw_up(project: Project, name: str) -> DatasetCard:
    """Load a dataset and return its card.

    Raises
    ------
    DataError
        If a user's own dataset cannot be read, or changed since its first use.
    """
    if name not in project.study.datasets:
        return DatasetCard(name, in_study=False, available=False)
    try:
        dataset = _load(project, name)
    except DatasetUnavailableError as error:
        return DatasetCard(name, True, False, reasons=tuple(error.reasons), remedy=error.remedy)
    return DatasetCard(
        name,
        True,
        True,
        content_hash=dataset.content_hash,
        n_train=len(dataset.images),
        n_test=0 if dataset.test_images is None else len(dataset.test_images),
        image_shape=tuple(dataset.images.shape[1:]),
        class_names=dataset.class_names,
    )


def write_card(card: DatasetCard, path: Path) -> None:
    """Write a card as JSON."""
    atomic.write_text(path, json.dumps(asdict(card), indent=2) + "\n")


def read_card(path: Path) -> DatasetCard:
    """Read a card back."""
    content: dict[str, Any] = json.loads(path.read_text())
    lists = ("image_shape", "class_names", "reasons")
    content |= {name: tuple(content[name]) for name in lists}
    return DatasetCard(**content)
