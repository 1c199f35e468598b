"""Any dataset of OpenML, by its number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from data_loaders.arrays import Arrays
from data_loaders.assemble import assemble
from data_loaders.readers.tables import raw_of_table
from data_loaders.spec import DatasetSpec


@dataclass(frozen=True)
class OpenMLTable:
    """The table that OpenML keeps under a number; its default target is the label.

    Parameters
    ----------
    spec : DatasetSpec
        Names the number and how the table is read.
    """

    kind: ClassVar[str] = "openml"
    spec: DatasetSpec
    label: str = "OpenML"
    contact: str | None = "https://www.openml.org/"

    def fetch(self, name: str, folder: Path) -> Arrays:
        """Return the arrays of OpenML's table."""
        from sklearn.datasets import fetch_openml

        # Its own cache would be a second, unverified one: it goes to the working folder.
        bunch = fetch_openml(
            data_id=self.spec.openml,
            as_frame=True,
            data_home=str(folder),
            n_retries=0,
            parser="auto",
        )
        label = self.spec.label or str(bunch.target.name)
        where = f"OpenML {self.spec.openml}"
        raw = raw_of_table(bunch.frame, replace(self.spec, label=label), where=where)
        return assemble(raw, self.spec, where=where)
