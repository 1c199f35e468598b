"""Load a dataset: from the cache, or from where it comes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from data_loaders import cache
from data_loaders.arrays import Arrays, read_description
from data_loaders.datasets import Dataset, Feature
from data_loaders.errors import DataError, closest, quoted
from data_loaders.fetch import fetch
from data_loaders.known import KnownDataset
from data_loaders.own import load_own
from data_loaders.registry import REGISTRY, of_content
from data_loaders.sources.source import Source
from data_loaders.spec import DatasetSpec
from data_loaders.trust import Trusted, trusted


def find_known(name: str) -> KnownDataset:
    """Return what is known of a built-in dataset.

    Raises
    ------
    DataError
        If the name is not known.
    """
    if name in REGISTRY:
        return REGISTRY[name]
    raise DataError(
        f"dataset must be built in; got {quoted(name)}. {closest(name, REGISTRY)} Data of your own "
        "are loaded with DatasetSpec(name, path=…)."
    )


def load(
    what: str | DatasetSpec | KnownDataset,
    *,
    sources: Sequence[Source] | None = None,
    cache_dir: Path | None = None,
    folder: Path | None = None,
) -> Dataset:
    """Return a dataset, its arrays mapped into memory from the cache.

    Parameters
    ----------
    what : str, DatasetSpec or KnownDataset
        A name in `REGISTRY`, what a study says of a dataset, or a dataset with published content
        that is described here and now.
    sources : sequence of Source, optional
        Sources other than the usual ones of a built-in dataset. The cache comes first in any case.
    cache_dir : Path, optional
        The cache; by default `KNOCKOUT_CACHE`, or the user's cache folder.
    folder : Path, optional
        Where relative paths and modules are looked for; by default the working directory.

    Raises
    ------
    DataError
        If the name is not known, or the data cannot be read or are no dataset.
    DatasetUnavailableError
        If no source delivers the dataset.
    """
    cache_dir = cache_dir or cache.cache_folder()
    spec = what if isinstance(what, DatasetSpec) else None
    if spec is not None and not spec.builtin:
        result = load_own(spec, cache_dir, (folder or Path.cwd()).absolute())
        return _dataset(spec.name, result, _class_names(result.arrays), spec.train_size)
    if isinstance(what, KnownDataset):
        known = what
    else:
        known = find_known(what if isinstance(what, str) else what.builtin)
    tried = known.preferring(spec.source if spec else "") if sources is None else sources
    result = _load_known(known, tried, cache_dir)
    size = None if spec is None else spec.train_size
    return _dataset(known.name if spec is None else spec.name, result, known.class_names, size)


def _load_known(known: KnownDataset, sources: Sequence[Source], cache_dir: Path) -> Trusted:
    def get() -> tuple[Arrays, list[str]]:
        return fetch(known.name, sources, known.check), []

    if not known.content_hash:
        found = trusted(known.name, f"built-in {known.name}", "published", get, cache_dir)
        return Trusted(found.content_hash, found.arrays, (known.note,))
    arrays = cache.read(cache_dir, known.name, known.content_hash)
    if arrays is None:
        arrays = cache.keep(cache_dir, known.name, known.content_hash, get()[0])
    return Trusted(known.content_hash, arrays, ())


def _class_names(arrays: Arrays) -> tuple[str, ...]:
    return tuple(read_description(arrays)["class_names"])


def _dataset(
    name: str, content: Trusted, class_names: tuple[str, ...], train_size: int | float | None
) -> Dataset:
    arrays = content.arrays
    x = "images" if "images" in arrays else "features"
    y = "targets" if "targets" in arrays else "labels"
    limit = "" if train_size is None else f"@{train_size}"
    return Dataset(
        name=name,
        x=arrays[x],
        y=arrays[y],
        x_test=arrays.get(f"test_{x}"),
        y_test=arrays.get(f"test_{y}"),
        class_names=class_names,
        content_hash=content.content_hash + limit,
        features=tuple(Feature(*feature) for feature in read_description(arrays)["features"]),
        groups=arrays.get("groups"),
        validation=arrays.get("validation"),
        train_size=train_size,
        notes=content.notes,
    )


def load_content(name: str, content_hash: str) -> Dataset:
    """Return the dataset that a study calls `name`, if it has this content.

    A worker needs no more than this: what was loaded once is mapped from the cache, wherever it
    came from.

    Parameters
    ----------
    name : str
        The study's name for it.
    content_hash : str
        What it must be, as `Dataset.content_hash`.

    Raises
    ------
    DataError
        If the cache does not hold it any more, and it is not built in.
    DatasetUnavailableError
        If it is built in and no source delivers it.
    """
    content, _, limit = content_hash.partition("@")
    size = json.loads(limit) if limit else None
    cache_dir = cache.cache_folder()
    known = of_content(content)
    if known is not None:
        found = _load_known(known, known.sources, cache_dir)
        return _dataset(name, found, known.class_names, size)
    for folder in (name, *(k.name for k in REGISTRY.values() if not k.content_hash)):
        arrays = cache.read(cache_dir, folder, content)
        if arrays is not None:
            names = REGISTRY[folder].class_names if folder in REGISTRY else _class_names(arrays)
            return _dataset(name, Trusted(content, arrays, ()), names, size)
    raise DataError(
        f"{name} must be in the data cache {cache_dir} with content hash {content}; it is not. "
        f"Run `knockout stage data {name}`."
    )


def verify(name: str, content_hash: str = "", *, cache_dir: Path | None = None) -> str:
    """Read every value of a cached dataset: "good", "absent" or "damaged" (deleted then).

    Parameters
    ----------
    name : str
        The study's name for it.
    content_hash : str
        As `Dataset.content_hash`; by default the published one of the built-in `name`.
    cache_dir : Path, optional
        As for `load`.
    """
    content = content_hash.partition("@")[0] or find_known(name).content_hash
    known = of_content(content)
    folder = known.name if known else name
    return cache.verify(cache_dir or cache.cache_folder(), folder, content)
