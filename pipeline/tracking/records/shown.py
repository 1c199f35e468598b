"""How values of the study's response read in notes and are found among the metrics."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.tracking.records.metrics import metric_key

_PARTS = {"test": "test", "val": "validation"}


@dataclass(frozen=True)
class Shown:
    """A response as MLflow shows it.

    Parameters
    ----------
    key : str
        The metric that holds it: `test/accuracy`, `best/val_accuracy`.
    title : str
        In words: "test accuracy".
    scale : float
        What a stored value is multiplied by: 100 for shares, which are shown in per cent.
    """

    key: str
    title: str
    scale: float

    @classmethod
    def of(cls, response: str) -> Shown:
        """Return how a column of the run table is shown.

        >>> shown = Shown.of("val_accuracy")
        >>> shown.key, shown.title, shown.value(0.981)
        ('best/val_accuracy', 'validation accuracy', '98.10')
        """
        part, _, name = response.partition("_")
        title = f"{_PARTS.get(part, part)} {name.replace('_', ' ')}"
        return cls(str(metric_key(response)), title, 100.0 if "accuracy" in name else 1.0)

    @property
    def unit(self) -> str:
        """The unit after a value, with its space."""
        return " %" if self.scale == 100 else ""

    @property
    def in_unit(self) -> str:
        """The unit after a title."""
        return ", %" if self.scale == 100 else ""

    @property
    def step(self) -> str:
        """The unit of differences."""
        return "pp" if self.scale == 100 else "points"

    def value(self, stored: float) -> str:
        """Return a stored value as text, without its unit."""
        return f"{self.scale * stored:.{2 if self.scale == 100 else 4}f}"
