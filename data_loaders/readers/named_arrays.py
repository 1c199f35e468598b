"""Reader for arrays with names: an npz, a folder of .npy files, or what a function returns."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from data_loaders.arrays import LARGEST_BYTES
from data_loaders.errors import DataError, one_line, quoted
from data_loaders.raw import Raw

NO_CHECKSUM = (
    ".npy files carry no checksum, damaged values cannot be seen: an npz of np.savez_compressed has"
)
# Deflate packs at most so many bytes into one: whatever promises more is damaged.
_DEFLATED = 1032
# Under which names an array circulates, in lower case; the first one is this project's.
_NAMES = {
    "x": ("images", "x_train", "x", "data", "features"),
    "y": ("labels", "y_train", "y", "target", "targets"),
    "x_test": ("test_images", "x_test", "test_features"),
    "y_test": ("test_labels", "y_test", "test_targets"),
    "groups": ("groups",),
    "parts": ("split",),
}


def raw_of_arrays(arrays: Mapping[str, Any], *, where: str) -> Raw:
    """Return the arrays under the names that stand in `_NAMES`, in any letter case.

    Raises
    ------
    DataError
        If examples or labels are missing, or only one half of a test part is there.
    """
    lower = {str(name).lower(): value for name, value in arrays.items()}
    found = {
        field: next((lower[name] for name in names if name in lower), None)
        for field, names in _NAMES.items()
    }
    for field, other in (("x", "y"), ("y", "x"), ("x_test", "y_test"), ("y_test", "x_test")):
        needed = field in ("x", "y") or found[other] is not None
        if needed and found[field] is None:
            names = ", ".join(map(str, arrays)) or "nothing"
            raise DataError(
                f"{where} must hold `{_NAMES[field][0]}`; got {quoted(names)}. Save images and "
                "labels, x_train and y_train, or X and y."
            )
    values: dict[str, Any] = {
        field: value
        if field in ("x", "x_test") and hasattr(value, "columns")
        else np.asarray(value)
        for field, value in found.items()
        if value is not None
    }
    return Raw(**values)


def read_array(stream: IO[bytes], size: int, *, where: str) -> np.ndarray:
    """Read one .npy of so many bytes, never a pickled object.

    The header is compared with the size before anything else is read or unpacked.

    Raises
    ------
    DataError
        If it is damaged, holds objects, or its header states more than the file can hold.
    """
    try:
        _check_header(stream, size, where)
        stream.seek(0)
        values = np.load(stream, allow_pickle=False)
        # A member of an archive compares its checksum once it is read to its end.
        stream.read(1)
        return np.asarray(values)
    except DataError:
        raise
    # What NumPy raises for damaged files has no common base.
    except Exception as error:
        raise DataError(
            f"{where} must be a whole .npy file; {one_line(error)}. Save it again with np.save."
        ) from error


def read_file(path: Path, *, where: str) -> np.ndarray:
    """Read one .npy file; see `read_array`."""
    # NumPy leaves a file open that it opened itself and could not read.
    try:
        with path.open("rb") as file:
            return read_array(file, path.stat().st_size, where=where)
    except OSError as error:
        raise DataError(
            f"{where} must be a .npy file; {one_line(error)}. Save it there."
        ) from error


def _check_header(file: IO[bytes], size: int, where: str) -> None:
    """Refuse objects, and a header that promises other sizes than the file has."""
    version = np.lib.format.read_magic(file)
    read = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }.get(version)
    if read is None:
        raise DataError(f"{where} must be a .npy file of version 1 or 2; got version {version}.")
    shape, _, dtype = read(file)
    if dtype.hasobject:
        raise DataError(
            f"{where} must hold numbers or text, not Python objects, which are never unpickled; "
            "save it again with .astype(str) or as numbers."
        )
    stated, held = math.prod(shape) * dtype.itemsize, size - file.tell()
    if stated != held:
        raise DataError(
            f"{where} must hold the {stated} bytes that its header states; got {held}. "
            "It is cut or damaged: save it again."
        )


def read_npz(path: Path) -> Raw:
    """Read an npz; each member's checksum is verified.

    Raises
    ------
    DataError
        If it is no zip archive of .npy files, or one of them is damaged.
    """
    where = f"`{path.name}`"
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".npy")]
            if sum(m.file_size for m in members) > LARGEST_BYTES:
                raise DataError(f"{where} must unpack to at most {LARGEST_BYTES} bytes; split it.")
            if not all(_can_be_true(member, path.stat().st_size) for member in members):
                raise zipfile.BadZipFile("a member promises more than it can hold")
            # The others are only named in the error.
            arrays = {
                (name := member.filename.removesuffix(".npy")): (
                    _member(archive, member, where=f"{where} {name}") if _wanted(name) else None
                )
                for member in members
            }
    except DataError:
        raise
    # What zipfile raises for damaged archives has no common base.
    except Exception as error:
        raise DataError(
            f"{where} must be an npz archive; {one_line(error)}. Save it again with np.savez."
        ) from error
    return raw_of_arrays(arrays, where=where)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, where: str) -> np.ndarray:
    with archive.open(member) as stream:
        return read_array(stream, member.file_size, where=where)


def _can_be_true(member: zipfile.ZipInfo, archive_bytes: int) -> bool:
    """Return whether a member's packed bytes fit into the archive, and its own into those."""
    packed = member.compress_size
    return packed <= archive_bytes and member.file_size <= _DEFLATED * max(packed, 1)


def _wanted(name: str) -> bool:
    return any(name.lower() in names for names in _NAMES.values())


def read_npy_folder(folder: Path) -> Raw:
    """Read images.npy and labels.npy, or whatever pair of names `_NAMES` knows."""
    paths = sorted(p for p in folder.glob("*.npy") if _wanted(p.stem))
    arrays = {p.stem: read_file(p, where=f"`{folder.name}/{p.name}`") for p in paths}
    raw = raw_of_arrays(arrays, where=f"`{folder.name}/`")
    raw.notes.append(NO_CHECKSUM)
    return raw
