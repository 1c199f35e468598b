"""Ask a dataset's sources one after the other until one delivers what it must."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from data_loaders.arrays import Arrays
from data_loaders.errors import DatasetUnavailableError, SourceError
from data_loaders.sources.contact import Knocks
from data_loaders.sources.reasons import plain_reason
from data_loaders.sources.source import Source
from data_loaders.sources.watch import Watch


def _ask(source: Source, name: str, knocks: Knocks | None, watch: Watch) -> Arrays:
    # An abandoned download may still be writing while its folder is removed.
    with tempfile.TemporaryDirectory(prefix="knockout-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        if source.contact is None or knocks is None:
            return source.fetch(name, folder)
        failure = knocks.failure(source.contact)
        if failure:
            raise SourceError(failure)
        return watch.run(lambda: source.fetch(name, folder), folder)


def fetch(
    name: str,
    sources: Sequence[Source],
    check: Callable[[Arrays], None],
    *,
    watch: Watch | None = None,
) -> Arrays:
    """Return verified arrays from the first source that delivers them.

    Without a network this takes at most `CONTACT_S` + `TOTAL_SILENCE_S` = 12 s in all, also when
    servers accept and never answer.

    Parameters
    ----------
    name : str
        The dataset.
    sources : sequence of Source
        Where to ask, in this order.
    check : callable
        Raises if arrays are not the dataset: the next source is asked then.
    watch : Watch, optional
        Another bound on silence after the first answer.

    Raises
    ------
    DatasetUnavailableError
        If none delivers; it holds every source's reason.
    """
    reasons: list[str] = []
    knocks, watch = None, watch or Watch()
    for source in sources:
        if source.contact is not None and knocks is None:
            knocks = Knocks(other.contact for other in sources if other.contact is not None)
        try:
            arrays = _ask(source, name, knocks, watch)
            check(arrays)
            return arrays
        # A source fails in its library's own ways; whatever it is, the next one is tried.
        except Exception as error:
            reasons.append(f"{source.label}: {plain_reason(error)}")
    raise DatasetUnavailableError(name, reasons)
