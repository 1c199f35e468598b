"""Reader for IDX, the format of MNIST's files.

A file is: two zero bytes, a dtype code, the number of dimensions, each dimension as a
big-endian 32-bit integer, then the values in C order.
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import numpy as np

from data_loaders.errors import DataError

_UINT8 = 0x08


def parse_idx(content: bytes, *, where: str) -> np.ndarray:
    """Decode the bytes of an IDX file of unsigned bytes, gzip-compressed or plain.

    Parameters
    ----------
    content : bytes
        The whole file.
    where : str
        What the error calls the file.

    Returns
    -------
    ndarray of uint8
        Read-only view of the values.

    Raises
    ------
    DataError
        If the magic number, the dtype or the size is not what the format demands.
    """
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(f"{where} must be a whole gzip file; {error}.") from error
    if len(content) < 4 or content[:2] != b"\0\0":
        raise DataError(f"{where} must begin with IDX's two zero bytes; got {content[:4].hex()!r}.")
    code, n_dimensions = content[2], content[3]
    if code != _UINT8:
        raise DataError(f"{where} must hold unsigned bytes (code 0x08); got 0x{code:02x}.")
    header = 4 + 4 * n_dimensions
    if n_dimensions < 1 or len(content) < header:
        raise DataError(f"{where} must have its sizes in the header; it ends at {len(content)}.")
    shape = tuple(int(size) for size in np.frombuffer(content, ">u4", n_dimensions, 4))
    expected = header + int(np.prod(shape, dtype=np.int64))
    if len(content) != expected:
        raise DataError(f"{where} must be {expected} bytes for {shape}; got {len(content)}.")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


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


def read_idx(path: Path) -> np.ndarray:
    """Read one IDX file; see `parse_idx`."""
    return parse_idx(path.read_bytes(), where=path.name)
