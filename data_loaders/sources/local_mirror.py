"""A local folder with `<dataset>/<canonical file>`, named by KNOCKOUT_DATA_MIRROR."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from data_loaders.arrays import Arrays
from data_loaders.errors import MIRROR_VARIABLE, SourceError
from data_loaders.idx import IDX_FILES, find_idx, read_idx


@dataclass(frozen=True)
class LocalMirror:
    """The folder that an environment variable names; files compressed or plain, either spelling.

    Parameters
    ----------
    variable : str
        The environment variable, read at each fetch.
    """

    variable: str = MIRROR_VARIABLE
    contact: str | None = None

    @property
    def label(self) -> str:
        """The variable's name."""
        return self.variable

    def fetch(self, name: str, folder: Path) -> Arrays:
        """Return the arrays of `<mirror>/<name>/`."""
        named = os.environ.get(self.variable)
        if not named:
            raise SourceError("not set")
        mirror = Path(named).expanduser() / name
        if not mirror.is_dir():
            raise SourceError(f"there is no folder {mirror}")
        paths = find_idx(mirror)
        missing = [file for part, file in IDX_FILES.items() if part not in paths]
        if missing:
            raise SourceError(f"{mirror} holds no {missing[0]}")
        return read_idx(paths)
