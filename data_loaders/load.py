"""Load a dataset: from the cache, or from the first source that delivers the right arrays."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data_loaders import cache
from data_loaders.datasets import REGISTRY, Arrays, Dataset, check_arrays
from data_loaders.deadline import Deadline
from data_loaders.errors import DataError, DatasetUnavailableError
from data_loaders.sources.bundled import digits
from data_loaders.sources.folder import from_folder
from data_loaders.sources.web import from_keras, from_mirror, from_openml

MIRROR_VARIABLE = "KNOCKOUT_DATA_MIRROR"


@dataclass(frozen=True)
class Source:
    """One place that may have a dataset, and how to ask it."""

    label: str
    fetch: Callable[[Deadline], Arrays]


def sources(name: str) -> list[Source]:
    """Return the sources of a dataset in the order in which they are tried."""
    known = REGISTRY[name]
    if name == "digits":
        return [Source("scikit-learn", lambda _: digits())]
    found = []
    folder = os.environ.get(MIRROR_VARIABLE)
    if folder:
        found.append(Source(MIRROR_VARIABLE, lambda _: from_folder(name, Path(folder))))
    for url in known.urls:
        found.append(Source(url, lambda deadline, url=url: from_mirror(name, url, deadline)))
    if known.openml:
        found.append(Source("OpenML", lambda deadline: from_openml(known.openml, deadline)))
    if known.keras_url:
        found.append(Source(known.keras_url, lambda deadline: from_keras(known.keras_url, deadline)))
    return found


def _reason(error: BaseException) -> str:
    """Say an error in a few words: network libraries nest theirs several deep."""
    text = " ".join(str(error).split()) or type(error).__name__
    if "timed out" in text.lower():
        return "no answer in time"
    refused = ("resolve", "Name or service", "refused", "unreachable", "Max retries")
    if any(word in text for word in refused):
        return "cannot be reached"
    return text if len(text) <= 200 else text[:197] + "…"


def fetch(name: str, tried: Sequence[Source]) -> Arrays:
    """Return verified arrays from the first source that has them.

    Raises
    ------
    DatasetUnavailableError
        If none has; it holds every source's reason.
    """
    reasons, deadline = [], Deadline()
    for source in tried:
        if deadline.spent:
            reasons.append(f"{source.label}: not tried, the time for silent sources is spent")
            continue
        started = time.monotonic()
        try:
            arrays = source.fetch(deadline)
            check_arrays(name, arrays)
            return arrays
        # A source fails in its library's own ways; whatever it is, the next one is tried.
        except Exception as error:
            deadline.charge(started)
            reasons.append(f"{source.label}: {_reason(error)}")
    if MIRROR_VARIABLE not in os.environ and name != "digits":
        reasons.insert(0, f"{MIRROR_VARIABLE}: not set")
    raise DatasetUnavailableError(name, reasons)


def load(name: str, *, tried: Sequence[Source] | None = None) -> Dataset:
    """Return a dataset, its arrays mapped into memory from the cache.

    Parameters
    ----------
    name : str
        A name in `REGISTRY`.
    tried : sequence of Source, optional
        Sources other than the usual ones.

    Raises
    ------
    DataError
        If the name is not known.
    DatasetUnavailableError
        If no source delivers the dataset.
    """
    if name not in REGISTRY:
        raise DataError(f"dataset must be one of {', '.join(REGISTRY)}; got {name!r}.")
    arrays = cache.read(name)
    if arrays is None:
        fetched = fetch(name, sources(name) if tried is None else tried)
        cache.write(name, fetched)
        arrays = cache.read(name) or fetched
    known = REGISTRY[name]
    return Dataset(
        name=name,
        images=arrays["images"],
        labels=arrays["labels"],
        test_images=arrays.get("test_images"),
        test_labels=arrays.get("test_labels"),
        class_names=known.class_names,
        content_hash=known.content_hash,
    )
