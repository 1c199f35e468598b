"""A public mirror of the four IDX files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from data_loaders.arrays import Arrays
from data_loaders.idx import IDX_FILES, read_idx
from data_loaders.sources.download import download


@dataclass(frozen=True)
class HttpMirror:
    """A folder on a web server that holds the canonical files of one dataset.

    Parameters
    ----------
    base_url : str
        The folder, with a slash at its end.
    file_hashes : mapping of str to str
        SHA-256 of the compressed files by part. They stop a damaged download at its first file;
        what counts in the end is the content hash of the arrays.
    """

    base_url: str
    file_hashes: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The server's name."""
        return urlsplit(self.base_url).netloc

    @property
    def contact(self) -> str:
        """The smallest of the files."""
        return self.base_url + IDX_FILES["test_labels"]

    def fetch(self, name: str, folder: Path) -> Arrays:
        """Return the arrays of the four files."""
        paths = {
            part: download(self.base_url + file, folder, sha256=self.file_hashes.get(part))
            for part, file in IDX_FILES.items()
        }
        return read_idx(paths)
