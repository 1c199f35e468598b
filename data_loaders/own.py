"""A user's own dataset: a folder of IDX files or one npz, named by its path.

Nobody can say beforehand what its content must be. It is trusted at first use: the content hash
is recorded then, and later uses must find the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from pathlib import Path

import numpy as np

from data_loaders import cache
from data_loaders.arrays import Arrays, as_bytes, check_form, content_hash
from data_loaders.datasets import Dataset
from data_loaders.errors import DataError
from data_loaders.idx import find_idx, read_idx
from data_loaders.registry import REGISTRY

_PARTS = ("images", "labels", "test_images", "test_labels")


def is_own(name: str) -> bool:
    """Return whether a dataset's name is the path of a user's own."""
    return name not in REGISTRY and ("/" in name or name.endswith(".npz") or Path(name).is_dir())


def _files(path: Path) -> dict[str, Path]:
    if path.is_dir():
        return find_idx(path)
    return {"": path} if path.is_file() else {}


def _decode(path: Path, files: dict[str, Path]) -> Arrays:
    if path.is_dir():
        return read_idx(files)
    try:
        # NumPy leaves a file open that it opened itself and could not read.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as npz:
            found = {part: npz[part] for part in _PARTS if part in npz.files}
    # What zipfile and NumPy raise for damaged archives has no common base.
    except Exception as error:
        raise DataError(f"`{path}` must be an npz without pickled objects; {error}.") from error
    return {part: as_bytes(a, where=f"`{path}` {part}") for part, a in found.items()}


def _slug(path: Path, found: str) -> str:
    """Return a name fit for folders and tables, never that of other data in the registry."""
    slug = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_") or "data"
    known = REGISTRY.get(slug)
    return f"own_{slug}" if known and known.content_hash != found else slug


def _record(cache_dir: Path, path: Path) -> Path:
    return cache_dir / "trusted" / f"{hashlib.sha256(str(path).encode()).hexdigest()[:16]}.json"


def _read_record(record: Path) -> dict[str, object]:
    try:
        found = json.loads(record.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_record(record: Path, content: dict[str, object]) -> None:
    record.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=record.parent)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=1)
    Path(temporary).replace(record)


def _dataset(name: str, found: str, arrays: Arrays) -> Dataset:
    n_classes = 1 + max(int(a.max()) for part, a in arrays.items() if part.endswith("labels"))
    return Dataset(
        name=name,
        images=arrays["images"],
        labels=arrays["labels"],
        test_images=arrays.get("test_images"),
        test_labels=arrays.get("test_labels"),
        class_names=tuple(str(i) for i in range(n_classes)),
        content_hash=found,
    )


def load_own(source: str, cache_dir: Path, *, name: str | None = None) -> Dataset:
    """Return a user's own dataset, its arrays mapped into memory from the cache.

    Parameters
    ----------
    source : str
        Path of a folder with IDX files (canonical names, either spelling, the t10k pair optional)
        or of an npz with `images`, `labels` and optionally `test_images`, `test_labels`.
    cache_dir : Path
        The data cache, which also keeps the record of trust.
    name : str, optional
        The name in tables and folders; by default made from the path.

    Raises
    ------
    DataError
        If there is nothing, it cannot be read, or its content changed since its first use.
    """
    path = Path(source).expanduser().resolve()
    files = _files(path)
    if not files:
        raise DataError(
            f"`{source}` must be a folder with train-images-idx3-ubyte[.gz] and its labels, or an "
            ".npz with images and labels; there is neither."
        )
    stamp = [[f.name, f.stat().st_size, f.stat().st_mtime_ns] for f in files.values()]
    record = _record(cache_dir, path)
    trusted = _read_record(record)
    expected = trusted.get("content_hash")
    if expected and trusted.get("stamp") == stamp:
        known = name or _slug(path, str(expected))
        cached = cache.read(cache_dir, known, str(expected))
        if cached is not None:
            return _dataset(known, str(expected), cached)
    arrays = _decode(path, files)
    check_form(arrays, where=f"`{source}`")
    found = content_hash(arrays)
    if expected not in (None, found):
        raise DataError(
            f"`{source}` must keep the content of its first use, {expected}; got {found}. "
            f"Restore it, or delete {record} to trust what is there now."
        )
    known = name or _slug(path, found)
    cache.write(cache_dir, known, found, arrays)
    _write_record(record, {"path": str(path), "stamp": stamp, "content_hash": found})
    return _dataset(known, found, cache.read(cache_dir, known, found) or arrays)


def recall(name: str, content_hash: str, cache_dir: Path) -> Dataset:
    """Return a user's own dataset that was loaded before, found by name and content alone.

    Raises
    ------
    DataError
        If the cache does not hold it any more.
    """
    cached = cache.read(cache_dir, name, content_hash)
    if cached is None:
        raise DataError(
            f"{name} must be in the data cache {cache_dir} with content hash {content_hash}; it "
            f"is not. Run `knockout stage data {name}`."
        )
    return _dataset(name, content_hash, cached)
