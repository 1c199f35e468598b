"""The data cache: decoded arrays as .npy files that all processes map into memory."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from data_loaders.datasets import REGISTRY, Arrays, content_hash
from data_loaders.errors import DataError

_MANIFEST = "manifest.json"


def cache_folder() -> Path:
    """Return KNOCKOUT_CACHE, or the user's cache folder."""
    named = os.environ.get("KNOCKOUT_CACHE")
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_cache_dir("knockout"))


def entry(name: str) -> Path:
    """Return the folder of a dataset's arrays, named by their content hash."""
    return cache_folder() / "datasets" / name / REGISTRY[name].content_hash[:16]


def read(name: str) -> Arrays | None:
    """Return a dataset's arrays mapped into memory, or None when they are not cached.

    Sizes, shapes and dtypes are checked against the manifest; an entry that differs is
    deleted, so that it is fetched anew.
    """
    folder = entry(name)
    try:
        manifest = json.loads((folder / _MANIFEST).read_text())
        arrays: Arrays = {}
        for part, (size, shape, dtype) in manifest.items():
            path = folder / f"{part}.npy"
            array = np.load(path, mmap_mode="r", allow_pickle=False)
            if [path.stat().st_size, list(array.shape), array.dtype.str] != [size, shape, dtype]:
                raise DataError(f"{path} is not what was cached")
            arrays[part] = array
        return arrays
    except FileNotFoundError:
        return None
    except (DataError, ValueError, OSError):
        shutil.rmtree(folder, ignore_errors=True)
        return None


def write(name: str, arrays: Arrays) -> None:
    """Cache verified arrays: a whole folder in one step, safe with several processes."""
    folder = entry(name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".new-"))
    try:
        manifest = {}
        for part, array in arrays.items():
            path = temporary / f"{part}.npy"
            np.save(path, array, allow_pickle=False)
            manifest[part] = [path.stat().st_size, list(array.shape), array.dtype.str]
        (temporary / _MANIFEST).write_text(json.dumps(manifest))
        temporary.chmod(0o755)
        # Another process may have been first: its entry has the same content.
        with contextlib.suppress(OSError):
            temporary.replace(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def verify(name: str) -> bool:
    """Return whether a cached dataset still has its content hash; a damaged one is deleted."""
    arrays = read(name)
    if arrays is None:
        return False
    if content_hash(arrays) != REGISTRY[name].content_hash:
        shutil.rmtree(entry(name), ignore_errors=True)
        return False
    return True
