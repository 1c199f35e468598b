"""Load a dataset: from the cache, or from the first source that delivers the right arrays."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Sequence
from pathlib import Path

from data_loaders import cache
from data_loaders.arrays import Arrays
from data_loaders.datasets import Dataset
from data_loaders.errors import DataError
from data_loaders.fetch import fetch
from data_loaders.own import is_own, load_own, recall
from data_loaders.registry import REGISTRY, DatasetSpec
from data_loaders.sources.source import Source


def find_spec(name: str) -> DatasetSpec:
    """Return what is known of a dataset.

    Raises
    ------
    DataError
        If the name is not known.
    """
    if name in REGISTRY:
        return REGISTRY[name]
    close = difflib.get_close_matches(name, REGISTRY, n=1, cutoff=0.5)
    hint = f" Did you mean {close[0]}?" if close else ""
    raise DataError(
        f"dataset must be one of {', '.join(REGISTRY)}, or a path to your own; got {name!r}.{hint}"
    )


def _cached(spec: DatasetSpec, sources: Sequence[Source], cache_dir: Path) -> Arrays:
    arrays = cache.read(cache_dir, spec.name, spec.content_hash)
    if arrays is not None:
        return arrays
    fetched = fetch(spec, sources)
    try:
        cache.write(cache_dir, spec.name, spec.content_hash, fetched)
    except OSError as error:
        warnings.warn(
            f"{cache_dir} must be writable to keep {spec.name}; {error}. It is held in memory "
            f"now and fetched again next time: set {cache.CACHE_VARIABLE} to another folder.",
            RuntimeWarning,
            stacklevel=3,
        )
        return fetched
    return cache.read(cache_dir, spec.name, spec.content_hash) or fetched


def load(
    name: str | DatasetSpec,
    *,
    sources: Sequence[Source] | None = None,
    cache_dir: Path | None = None,
) -> Dataset:
    """Return a dataset, its arrays mapped into memory from the cache.

    Parameters
    ----------
    name : str or DatasetSpec
        A name in `REGISTRY`, the path of a user's own dataset (see `data_loaders.own`), or a
        dataset that is described here and now.
    sources : sequence of Source, optional
        Sources other than the usual ones. The cache comes first in any case.
    cache_dir : Path, optional
        The cache; by default `KNOCKOUT_CACHE`, or the user's cache folder.

    Raises
    ------
    DataError
        If the name is not known, or a user's own dataset cannot be read.
    DatasetUnavailableError
        If no source delivers the dataset.
    """
    cache_dir = cache_dir or cache.cache_folder()
    if isinstance(name, str) and is_own(name):
        return load_own(name, cache_dir)
    spec = find_spec(name) if isinstance(name, str) else name
    arrays = _cached(spec, spec.sources if sources is None else sources, cache_dir)
    return Dataset(
        name=spec.name,
        images=arrays["images"],
        labels=arrays["labels"],
        test_images=arrays.get("test_images"),
        test_labels=arrays.get("test_labels"),
        class_names=spec.class_names,
        content_hash=spec.content_hash,
    )


def load_content(name: str, content_hash: str) -> Dataset:
    """Return the dataset that a study calls `name`, if it has this content.

    Parameters
    ----------
    name : str
        A name in `REGISTRY`, or that of a user's own dataset which was loaded before: its path
        is not needed any more.
    content_hash : str
        What it must be.

    Raises
    ------
    DataError
        If the content is another, or the cache does not hold a user's own dataset any more.
    DatasetUnavailableError
        If no source delivers the dataset.
    """
    if name not in REGISTRY:
        return recall(name, content_hash, cache.cache_folder())
    dataset = load(name)
    if dataset.content_hash != content_hash:
        raise DataError(
            f"{name} changed since the plan was made: it must have content hash {content_hash}; "
            f"got {dataset.content_hash}. Run `dvc repro`."
        )
    return dataset


def verify(name: str, *, cache_dir: Path | None = None) -> str:
    """Read every value of a cached dataset: "good", "absent" or "damaged" (deleted then).

    Parameters
    ----------
    name : str
        A name in `REGISTRY`.
    cache_dir : Path, optional
        As for `load`.
    """
    spec = find_spec(name)
    return cache.verify(cache_dir or cache.cache_folder(), spec.name, spec.content_hash)
