"""The data cache: decoded arrays as .npy files that all processes map into memory.

An entry is a folder `datasets/<name>/<content hash>/` that appears in one step and is never
written to again.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

from data_loaders.arrays import Arrays, content_hash
from data_loaders.errors import DataError

CACHE_VARIABLE = "KNOCKOUT_CACHE"
_MANIFEST = "manifest.json"
_NEW, _OLD = ".new-", ".old-"
_LEFTOVER_S = 3600.0
_ATTEMPTS = 20


def cache_folder() -> Path:
    """Return KNOCKOUT_CACHE, or the user's cache folder."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("knockout"))


def entry(cache_dir: Path, name: str, expected: str) -> Path:
    """Return the folder of a dataset's arrays, named by their content hash."""
    return cache_dir / "datasets" / name / expected


def discard(folder: Path) -> None:
    """Remove an entry in one step: other processes see it whole or not at all."""
    # Another process may have been first, or the cache may be read-only: fetching anew tells.
    with contextlib.suppress(OSError):
        doomed = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_OLD))
        try:
            folder.rename(doomed / folder.name)
        finally:
            shutil.rmtree(doomed, ignore_errors=True)


def _describe(path: Path, array: np.ndarray) -> dict[str, object]:
    return {
        "bytes": path.stat().st_size,
        "shape": list(array.shape),
        "dtype": array.dtype.str,
    }


def _open(folder: Path) -> Arrays:
    manifest = json.loads((folder / _MANIFEST).read_text("utf-8"))
    arrays: Arrays = {}
    for part, described in manifest["arrays"].items():
        path = folder / f"{part}.npy"
        array = np.load(path, mmap_mode="r", allow_pickle=False)
        if _describe(path, array) != described:
            raise DataError(f"{path} is not what was cached")
        # A plain view: the memmap subclass costs time at each slice.
        arrays[part] = np.asarray(array)
    if manifest["content_hash"] != folder.name or not arrays:
        raise DataError(f"{folder} is not what was cached")
    return arrays


def read(cache_dir: Path, name: str, expected: str) -> Arrays | None:
    """Return a dataset's arrays mapped into memory, or None when they are not cached.

    Sizes, shapes and dtypes are checked against the manifest; an entry that differs is deleted,
    so that it is fetched anew. Values are checked by `verify`.
    """
    return _read(entry(cache_dir, name, expected))


def _read(folder: Path) -> Arrays | None:
    if not folder.is_dir():
        return None
    try:
        return _open(folder)
    except PermissionError:  # somebody else's entry: not ours to delete
        return None
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError):
        discard(folder)
        return None


def _save(path: Path, array: np.ndarray) -> dict[str, object]:
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    return _describe(path, array)


def _sweep(folder: Path) -> None:
    """Remove what killed processes left behind."""
    for leftover in folder.glob(".*-*"):
        # Those of live processes come and go meanwhile.
        with contextlib.suppress(OSError):
            old = time.time() - leftover.stat().st_mtime > _LEFTOVER_S
            if old and leftover.name.startswith((_NEW, _OLD)):
                shutil.rmtree(leftover)


def _place(temporary: Path, folder: Path) -> None:
    for attempts_left in reversed(range(_ATTEMPTS)):
        try:
            temporary.replace(folder)
            return
        except OSError:
            # Another process was first: its entry has the same content. It may also be gone
            # again, when a third one found it damaged.
            if _read(folder) is not None:
                return
            if not attempts_left:
                raise


def write(cache_dir: Path, name: str, expected: str, arrays: Arrays) -> None:
    """Cache verified arrays: a whole folder in one step, safe with several processes at once.

    Raises
    ------
    OSError
        If the cache cannot be written.
    """
    folder = entry(cache_dir, name, expected)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder.parent)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_NEW))
    try:
        described = {part: _save(temporary / f"{part}.npy", a) for part, a in arrays.items()}
        manifest = {"content_hash": expected, "arrays": described}
        (temporary / _MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
        temporary.chmod(0o755)  # mkdtemp's 0700 would shut others out of a shared cache
        _place(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def keep(cache_dir: Path, name: str, expected: str, arrays: Arrays) -> Arrays:
    """Cache verified arrays and return them mapped; as they are, with a warning, if that fails."""
    try:
        write(cache_dir, name, expected, arrays)
    except OSError as error:
        warnings.warn(
            f"{cache_dir} must be writable to keep {name}; {error}. It is held in memory now and "
            f"read again next time: set {CACHE_VARIABLE} to another folder.",
            RuntimeWarning,
            stacklevel=4,
        )
        return arrays
    return read(cache_dir, name, expected) or arrays


def verify(cache_dir: Path, name: str, expected: str) -> str:
    """Read every value; return "good", "absent" or "damaged", which is deleted then."""
    folder = entry(cache_dir, name, expected)
    if not folder.is_dir():
        return "absent"
    arrays = read(cache_dir, name, expected)
    if arrays is None or content_hash(arrays) != expected:
        discard(folder)
        return "damaged"
    return "good"
