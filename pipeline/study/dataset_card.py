"""What the study knows of a dataset: results/<dataset>/dataset.json."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from data_loaders.errors import DataError, DatasetUnavailableError
from data_loaders.facts import facts
from data_loaders.load import load, load_content
from data_loaders.split import TEST_FRACTION
from pipeline import atomic
from pipeline.study.project import Project


@dataclass(frozen=True)
class DatasetCard:
    """A dataset's facts, or every source's reason why it is unavailable.

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
    facts: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether the study has runs on this dataset."""
        return self.in_study and self.available

    @property
    def is_table(self) -> bool:
        """Whether its examples are rows of a table, not images."""
        return len(self.image_shape) == 1

    @property
    def n_tested(self) -> int:
        """How many images a run is tested on."""
        return self.n_test or round(TEST_FRACTION * self.n_train)

    @property
    def n_left(self) -> int:
        """How many images are left for training and validation."""
        return self.n_train if self.n_test else self.n_train - self.n_tested


_FILE = TypeAdapter(DatasetCard)


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
        dataset = load(project.study.sources[name], folder=project.root)
    except DatasetUnavailableError as error:
        return DatasetCard(name, True, False, reasons=tuple(error.reasons), remedy=error.remedy)
    return DatasetCard(
        name,
        True,
        True,
        content_hash=dataset.content_hash,
        n_train=len(dataset.x),
        n_test=0 if dataset.x_test is None else len(dataset.x_test),
        image_shape=tuple(dataset.x.shape[1:]),
        class_names=dataset.class_names,
        facts=facts(dataset),
    )


def why_gone(card: DatasetCard) -> str:
    """Return why a dataset that was there cannot be loaded now; nothing when it can."""
    try:
        load_content(card.name, card.content_hash)
    except (DataError, DatasetUnavailableError) as error:
        return str(error)
    return ""


def write_card(card: DatasetCard, path: Path) -> None:
    """Write a card as JSON."""
    atomic.write_text(path, json.dumps(asdict(card), indent=2) + "\n")


def read_card(path: Path) -> DatasetCard:
    """Read a card back."""
    return _FILE.validate_json(path.read_bytes())


def known_cards(project: Project) -> list[DatasetCard]:
    """Return the cards of the study's datasets that have been drawn up."""
    paths = [project.results(name) / "dataset.json" for name in project.study.datasets]
    return [read_card(path) for path in paths if path.exists()]
