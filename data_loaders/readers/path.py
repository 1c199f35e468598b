"""Which reader a path needs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from data_loaders.errors import AbsentDataError, DataError, closest
from data_loaders.raw import Raw
from data_loaders.readers.idx import find_files, read_idx
from data_loaders.readers.named_arrays import NO_CHECKSUM, read_file, read_npy_folder, read_npz
from data_loaders.readers.pictures import class_folders, read_pictures
from data_loaders.readers.tables import CSV_ENDINGS, PARQUET_ENDINGS, read_table
from data_loaders.spec import DatasetSpec

_RULE = (
    "Write a .csv, .parquet or .npz file, a pair of .npy files (path: and label:), or a folder "
    "with IDX files, .npy files, or one folder of pictures per class."
)


def read_path(path: Path, spec: DatasetSpec, folder: Path) -> Raw:
    """Read whatever lies at a path.

    Parameters
    ----------
    path : Path
        An absolute path.
    spec : DatasetSpec
        How it is to be read.
    folder : Path
        Where the label file of a pair of .npy files is looked for.

    Raises
    ------
    DataError
        If there is nothing, nothing that can be read, or it is damaged.
    """
    try:
        return _read_folder(path, spec) if path.is_dir() else _read_file(path, spec, folder)
    except (OSError, MemoryError) as error:
        raise DataError(f"`{path}` must be readable; {error or 'memory ran out'}.") from error


def _read_file(path: Path, spec: DatasetSpec, folder: Path) -> Raw:
    if not path.exists():
        near = [p.name for p in path.parent.iterdir()][:1000] if path.parent.is_dir() else []
        hint = closest(path.name, near) if 0 < len(near) <= 20 else "Correct the path."
        raise AbsentDataError(f"`{path}` does not exist. {hint}")
    ending = path.suffix.lower()
    if ending in CSV_ENDINGS + PARQUET_ENDINGS:
        return read_table(path, spec)
    if ending == ".npz":
        return read_npz(path)
    if ending == ".npy":
        if not spec.label:
            raise DataError(f"`{path}` needs the file of its labels. Write label: ./labels.npy.")
        labels = folder / Path(spec.label).expanduser()
        x, y = (read_file(p, where=f"`{p.name}`") for p in (path, labels))
        return Raw(x, y, notes=[NO_CHECKSUM])
    raise DataError(f"`{path}` is of no kind that can be read. {_RULE}")


def _read_folder(path: Path, spec: DatasetSpec) -> Raw:
    found = find_files(path)
    if {"images", "labels"} <= found.keys():
        arrays = read_idx(found)
        raw = Raw(
            arrays["images"], arrays["labels"],
            arrays.get("test_images"), arrays.get("test_labels"),
        )  # fmt: skip
        if any(file.suffix != ".gz" for file in found.values()):
            raw.notes.append(
                "plain IDX files carry no checksum, damaged pixels cannot be seen: gzip does"
            )
        return raw
    if any(path.glob("*.npy")):
        return read_npy_folder(path)
    if any(class_folders(path).values()):
        return read_pictures(path, spec.shape)
    raise DataError(f"`{path}` holds no dataset. {_RULE}")


def stamp(paths: list[Path]) -> str:
    """Return a hash over names, sizes and times of all files: equal means untouched."""
    digest = hashlib.sha256()
    for path in paths:
        for name, status in _files(path):
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files(path: Path) -> Iterator[tuple[str, os.stat_result]]:
    if not path.is_dir():
        if path.exists():
            yield str(path), path.stat()
        return
    for folder, inner, files in os.walk(path):
        inner.sort()
        for name in sorted(files):
            yield f"{folder}/{name}", os.stat(f"{folder}/{name}")  # noqa: PTH116
