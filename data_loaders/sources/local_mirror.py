"""A local folder with `<dataset>/<canonical file>`, named by KNOCKOUT_DATA_MIRROR."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from data_loaders.arrays import Arrays
from data_loaders.errors import MIRROR_VARIABLE, SourceError
from data_loaders.readers.idx import IDX_FILES, find_files, read_idx


@dataclass(frozen=True)
class LocalMirror:
    """The folder that an environment variable names; files compressed or plain, either spelling.

    Parameters
    ----------
    variable : str
        The environment variable, read at each fetch.
    file_hashes : mapping of str to str
        As for `HttpMirror`; needed where the content hash of the arrays is not known.
    files : mapping of str to str
        The files' names by part.
    read : callable
        Decodes them.
    """

    kind: ClassVar[str] = "mirror"
    variable: str = MIRROR_VARIABLE
    file_hashes: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=lambda: IDX_FILES)
    read: Callable[[dict[str, Path]], Arrays] = read_idx
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
        paths = find_files(mirror, self.files)
        missing = [file for part, file in self.files.items() if part not in paths]
        if missing:
            raise SourceError(f"{mirror} holds no {missing[0]}")
        self._check(paths)
        return self.read(paths)

    def _check(self, paths: Mapping[str, Path]) -> None:
        """Refuse a file that is not the published one."""
        if not self.file_hashes:
            return
        import pooch

        for part, path in paths.items():
            algorithm, _, expected = self.file_hashes[part].rpartition(":")
            actual = pooch.file_hash(str(path), alg=algorithm or "sha256")
            if actual != expected:
                raise SourceError(f"{path} must have hash {expected}; got {actual}")
