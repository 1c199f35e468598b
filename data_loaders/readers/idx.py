"""Reader for IDX, the format of MNIST's files.

A file is: two zero bytes, a dtype code, the number of dimensions, each dimension as a
big-endian 32-bit integer, then the values in C order.
"""

from __future__ import annotations

import gzip
import io
import math
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np

from data_loaders.arrays import LARGEST_BYTES, Arrays
from data_loaders.errors import DataError

IDX_FILES = {
    "images": "train-images-idx3-ubyte.gz",
    "labels": "train-labels-idx1-ubyte.gz",
    "test_images": "t10k-images-idx3-ubyte.gz",
    "test_labels": "t10k-labels-idx1-ubyte.gz",
}
_PIECE = 2**20
UINT8, INT32 = np.dtype(np.uint8), np.dtype(">i4")
_CODES = {UINT8: 0x08, INT32: 0x0C}


def _parse(
    stream: BinaryIO, where: str, n_dimensions: int, dtype: np.dtype[np.integer]
) -> np.ndarray:
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0":
        raise DataError(f"{where} must begin with IDX's two zero bytes; got 0x{magic.hex()}.")
    if magic[2] != _CODES[dtype]:
        raise DataError(
            f"{where} must hold {dtype.name} (code 0x{_CODES[dtype]:02x}); got 0x{magic[2]:02x}."
        )
    if magic[3] != n_dimensions:
        raise DataError(f"{where} must have {n_dimensions} dimension(s); got {magic[3]}.")
    sizes = stream.read(4 * n_dimensions)
    if len(sizes) < 4 * n_dimensions:
        raise DataError(f"{where} must state {n_dimensions} size(s); it ends in its header.")
    shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4"))
    expected = math.prod(shape) * dtype.itemsize
    if expected > LARGEST_BYTES:
        raise DataError(f"{where} must hold at most {LARGEST_BYTES} bytes; its sizes are {shape}.")
    # One byte more than expected: notices trailing bytes and reaches gzip's checksum, and what
    # a hostile file unpacks to stays bounded by what its header states.
    content = _read(stream, expected + 1)
    if len(content) != expected:
        got = f"only {len(content)}" if len(content) < expected else "more"
        raise DataError(f"{where} must hold {expected} bytes for sizes {shape}; got {got}.")
    values = np.frombuffer(content, dtype).reshape(shape)
    values.flags.writeable = False
    return values


def _read(stream: BinaryIO, n: int) -> bytearray:
    """Read n bytes or what is there, never setting memory aside for what a header merely states."""
    content = bytearray()
    while len(content) < n and (piece := stream.read(min(n - len(content), _PIECE))):
        content += piece
    return content


def parse_idx(
    content: bytes,
    *,
    where: str,
    n_dimensions: int,
    dtype: np.dtype[np.integer] = UINT8,
) -> np.ndarray:
    """Decode an IDX file, gzip-compressed or plain.

    Parameters
    ----------
    content : bytes
        The whole file. Compression is told by the first bytes, not by the name.
    where : str
        What the error calls the file.
    n_dimensions : int
        3 for images, 1 for labels.
    dtype : dtype
        Unsigned bytes, or big-endian 32-bit integers.

    Returns
    -------
    ndarray of `dtype`
        Read-only view of the values.

    Raises
    ------
    DataError
        If the magic number, the dtype, the number of dimensions or the size is not right, or the
        compressed stream is damaged or cut.
    """
    raw = io.BytesIO(content)
    if content[:2] != b"\x1f\x8b":
        return _parse(raw, where, n_dimensions, dtype)
    try:
        with gzip.GzipFile(fileobj=raw) as stream:
            return _parse(stream, where, n_dimensions, dtype)  # type: ignore[arg-type]
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{where} must be a whole gzip file; {error}.") from error


def spellings(file_name: str) -> list[str]:
    """Return the names under which a canonical file circulates.

    Examples
    --------
    >>> spellings("t10k-labels-idx1-ubyte.gz")[1:3]
    ['t10k-labels-idx1-ubyte', 't10k-labels.idx1-ubyte.gz']
    """
    plain = file_name.removesuffix(".gz")
    dotted = plain.replace("-idx", ".idx")
    return [f"{plain}.gz", plain, f"{dotted}.gz", dotted]


def find_files(folder: Path, names: Mapping[str, str] = IDX_FILES) -> dict[str, Path]:
    """Return the files of a folder by part, under whichever spelling they stand there."""
    found = {}
    for part, file_name in names.items():
        candidates = (folder / spelling for spelling in spellings(file_name))
        path = next((path for path in candidates if path.is_file()), None)
        if path is not None:
            found[part] = path
    return found


def read_idx(paths: dict[str, Path]) -> Arrays:
    """Read IDX files by part; see `parse_idx`."""
    return {
        part: parse_idx(
            path.read_bytes(), where=path.name, n_dimensions=3 if "images" in part else 1
        )
        for part, path in paths.items()
    }
