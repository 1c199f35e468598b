"""A public mirror of a dataset's files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from data_loaders.arrays import Arrays
from data_loaders.readers.idx import IDX_FILES, read_idx
from data_loaders.sources.download import download


@dataclass(frozen=True)
class HttpMirror:
    """A folder on a web server that holds the canonical files of one dataset.

    Parameters
    ----------
    base_url : str
        The folder, with a slash at its end.
    file_hashes : mapping of str to str
        Hash of each file by part: SHA-256, or another after its name and a colon. They stop a
        damaged or foreign download at its first file, so that plain http is safe; where the
        content hash of the arrays is known, that counts in the end.
    files : mapping of str to str
        The files' names by part; the last one is the smallest.
    read : callable
        Decodes them.
    """

    kind: ClassVar[str] = "web"
    base_url: str
    file_hashes: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=lambda: IDX_FILES)
    read: Callable[[dict[str, Path]], Arrays] = read_idx

    @property
    def label(self) -> str:
        """The server's name."""
        return urlsplit(self.base_url).netloc

    @property
    def contact(self) -> str:
        """The smallest of the files."""
        return self.base_url + list(self.files.values())[-1]

    def fetch(self, name: str, folder: Path) -> Arrays:
        """Return the arrays of the files."""
        paths = {
            part: download(self.base_url + file, folder, known_hash=self.file_hashes.get(part))
            for part, file in self.files.items()
        }
        return self.read(paths)
