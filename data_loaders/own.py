"""A user's own dataset: files, a Python function, a scikit-learn loader, an OpenML id."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from data_loaders.arrays import Arrays
from data_loaders.assemble import assemble
from data_loaders.errors import DataError
from data_loaders.fetch import fetch
from data_loaders.raw import Raw
from data_loaders.readers.function import call
from data_loaders.readers.path import read_path, stamp
from data_loaders.sources.openml_table import OpenMLTable
from data_loaders.sources.sklearn_loader import load_bundled, version
from data_loaders.spec import DatasetSpec
from data_loaders.trust import Trusted, trusted

# The options that decide what is read.
_READING = ("label", "group", "split", "test", "drop", "shape", "task", "missing")


def load_own(spec: DatasetSpec, cache_dir: Path, folder: Path) -> Trusted:
    """Return the arrays of a dataset that nobody published a hash of.

    Parameters
    ----------
    spec : DatasetSpec
        Where it comes from and how it is read; not a built-in one.
    cache_dir : Path
        The data cache, which also keeps the record of trust.
    folder : Path
        Where relative paths and modules are looked for.

    Raises
    ------
    DataError
        If it cannot be read, is no dataset, or its content changed since its first use.
    DatasetUnavailableError
        If it comes from OpenML, which does not answer.
    """
    origin, mark, read = _origin(spec, folder)
    options = "".join(f" {key}={getattr(spec, key)}" for key in _READING if getattr(spec, key))
    return trusted(spec.name, f"{origin} as{options}", mark, read, cache_dir)


def _origin(
    spec: DatasetSpec, folder: Path
) -> tuple[str, str | None, Callable[[], tuple[Arrays, list[str]]]]:
    """Return where it comes from, what tells that it is untouched, and how it is read."""
    if spec.openml:
        sources = (OpenMLTable(spec),)
        return (
            f"OpenML {spec.openml}",
            "published",
            lambda: (fetch(spec.name, sources, lambda _: None), []),
        )
    if spec.sklearn:
        return (
            f"sklearn.datasets.{spec.sklearn}",
            version(),
            lambda: _assembled(load_bundled(spec), spec, spec.sklearn),
        )
    if spec.function:
        # What a function reads cannot be seen: it is called each time.
        return (
            f"{folder}/{spec.function}",
            None,
            lambda: _assembled(call(spec, folder), spec, f"`{spec.function}`"),
        )
    path = folder / Path(spec.path).expanduser()
    named = [spec.test, spec.label if path.suffix.lower() == ".npy" else ""]
    others = [folder / Path(name).expanduser() for name in named if name]
    return (
        str(path),
        stamp([path, *others]),
        lambda: _assembled(_read(path, spec, folder), spec, f"`{path.name}`"),
    )


def _assembled(raw: Raw, spec: DatasetSpec, where: str) -> tuple[Arrays, list[str]]:
    return assemble(raw, spec, where=where), raw.notes


def _read(path: Path, spec: DatasetSpec, folder: Path) -> Raw:
    """Read a path, and the test part from a second one where the study names it."""
    raw = read_path(path, spec, folder)
    if spec.test:
        if raw.x_test is not None:
            raise DataError(f"`{path.name}` has a test part already; leave out test: {spec.test}.")
        other = read_path(folder / Path(spec.test).expanduser(), spec, folder)
        raw.x_test, raw.y_test = other.x, other.y
        raw.notes += [note for note in other.notes if note not in raw.notes]
    return raw
