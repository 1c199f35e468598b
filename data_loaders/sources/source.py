"""What every source offers."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from data_loaders.arrays import Arrays


class Source(Protocol):
    """One place that may have a dataset. Implementations are frozen dataclasses: mere data."""

    @property
    def kind(self) -> str:
        """What `source:` in params.yaml calls it."""
        ...

    @property
    def label(self) -> str:
        """The name in messages."""
        ...

    @property
    def contact(self) -> str | None:
        """The web address that shows whether the source answers; None for a local source."""
        ...

    def fetch(self, name: str, folder: Path) -> Arrays:
        """Return a dataset's decoded arrays, unverified.

        Parameters
        ----------
        name : str
            The dataset.
        folder : Path
            An empty working folder, deleted afterwards. Downloads go here: its growth is the sign
            that a slow source is alive.

        Raises
        ------
        Exception
            Whatever its library raises; the next source is tried then.
        """
        ...
