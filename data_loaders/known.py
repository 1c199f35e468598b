"""What is known of a built-in dataset."""

from __future__ import annotations

from dataclasses import dataclass

from data_loaders.arrays import Arrays, check_form, content_hash
from data_loaders.errors import DataError
from data_loaders.sources.source import Source


@dataclass(frozen=True)
class KnownDataset:
    """What a dataset must be, whichever source delivers it.

    Parameters
    ----------
    name : str
        The name in params.yaml, tables and folders.
    content_hash : str
        SHA-256 that its decoded arrays must have; see `data_loaders.arrays.content_hash`. Empty
        where only hashes of its files are published: the sources check those.
    class_names : tuple of str
        One name per class.
    sources : tuple of Source
        Where it comes from, in the order in which they are tried.
    note : str
        What its content is verified by, where that is not the content hash.
    """

    name: str
    content_hash: str
    class_names: tuple[str, ...]
    sources: tuple[Source, ...]
    note: str = ""

    def preferring(self, kind: str) -> tuple[Source, ...]:
        """Return the sources with those of one kind first.

        Raises
        ------
        DataError
            If there is no source of the kind.
        """
        kinds = {source.kind for source in self.sources}
        if kind and kind not in kinds:
            raise DataError(
                f"{self.name} has no source {kind!r}; it has {', '.join(sorted(kinds))}. Name one "
                "of them, or leave source out."
            )
        return tuple(sorted(self.sources, key=lambda source: source.kind != kind))

    def check(self, arrays: Arrays) -> None:
        """Refuse arrays that are not this dataset.

        Raises
        ------
        DataError
            If form or content hash differ.
        """
        check_form(arrays, where=self.name, n_classes=len(self.class_names))
        actual = content_hash(arrays)
        if actual != (self.content_hash or actual):
            raise DataError(
                f"{self.name} must have content hash {self.content_hash}; got {actual}."
            )
