"""A table in a Parquet file that carries the checksum of its own bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import StudyError
from pipeline import atomic

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_KEY = b"knockout.sha256"
_ZEROS = b"0" * 64


def write_table(path: Path, table: pd.DataFrame | Iterable[pd.DataFrame]) -> None:
    """Write a table; any Parquet reader opens it, and `read_table` only while it is whole.

    One that comes in parts, of the same columns, is held part by part. The file is written with
    zeros in the place of the checksum, which is then the SHA-256 of those bytes: Parquet's own
    checksums would cover neither column names nor counts.
    """
    import pandas as pd
    import pyarrow as pa
    from pyarrow import parquet

    parts = iter([table] if isinstance(table, pd.DataFrame) else table)
    head = next(parts)
    # Without a row nobody knows the columns' types.
    while head.empty and (following := next(parts, None)) is not None:
        head = following
    first = pa.Table.from_pandas(head)
    schema = first.schema.with_metadata({**(first.schema.metadata or {}), _KEY: _ZEROS})

    def write(temporary: Path) -> None:
        with parquet.ParquetWriter(temporary, schema) as writer:
            writer.write_table(first.cast(schema))
            for part in parts:
                writer.write_table(pa.Table.from_pandas(part).cast(schema))
        with temporary.open("r+b") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            # The footer, whose length stands before the last four bytes.
            file.seek(-8, os.SEEK_END)
            start = file.tell() - int.from_bytes(file.read(4), "little")
            file.seek(start)
            file.seek(start + _place(file.read()))
            file.write(digest.encode())

    atomic.write_with(path, write)


def read_table(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read what `write_table` wrote: the columns that are needed, all by default.

    Raises
    ------
    StudyError
        If the file is not as it was written, or lacks one of the columns.
    """
    frame: pd.DataFrame = _read(path, columns).to_pandas()
    return frame


def read_rows(path: Path, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Read the rows of a table as `read_table` does, without pandas and its half a second."""
    rows: list[dict[str, Any]] = _read(path, columns).to_pylist()
    return rows


def _read(path: Path, columns: Sequence[str] | None) -> pa.Table:
    import pyarrow as pa
    from pyarrow import parquet

    # Not a file of Python's: Arrow's threads would call back into it. Nor `read_table`, which
    # imports pandas.
    file = parquet.ParquetFile(pa.BufferReader(_checked(path)))
    lacking = [name for name in columns or () if name not in file.schema_arrow.names]
    if lacking:
        raise StudyError(f"{path} must have the columns {', '.join(lacking)}. {_AGAIN}")
    return file.read(columns=columns)


_AGAIN = "Delete it and run the study again: what is stored is not trained again."


def _checked(path: Path) -> bytes:
    """Return a file's content if it has the checksum that stands in it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StudyError(f"{path} must be readable; {error}.") from None
    place, view = _place(content), memoryview(content)
    digest = hashlib.sha256(view[: max(place, 0)])
    digest.update(_ZEROS)
    digest.update(view[place + len(_ZEROS) :])
    if place < 0 or digest.hexdigest().encode() != view[place : place + len(_ZEROS)]:
        raise StudyError(
            f"{path} must be a table as Knockout wrote it; it is cut, altered or of an older "
            f"version. {_AGAIN}"
        )
    return content


def _place(content: bytes) -> int:
    """Return where the checksum stands, behind its key in the footer; -1 if there is none."""
    key = content.rfind(_KEY)
    # Between key and value, Thrift states the value's type and length.
    start = key + len(_KEY) + 2
    return start if key >= 0 and len(content) >= start + len(_ZEROS) else -1
