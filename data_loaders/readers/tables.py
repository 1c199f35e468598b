"""Reader for CSV and Parquet, and for tables that come as a DataFrame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from data_loaders.arrays import LARGEST_BYTES
from data_loaders.errors import DataError, closest, one_line, quoted
from data_loaders.raw import Raw
from data_loaders.spec import DatasetSpec

if TYPE_CHECKING:
    import pandas as pd

CSV_ENDINGS, PARQUET_ENDINGS = (".csv", ".tsv", ".txt"), (".parquet", ".pq")
_SEPARATORS = (",", ";", "\t")


def read_table(path: Path, spec: DatasetSpec) -> Raw:
    """Read a CSV or Parquet file whose column `spec.label` holds the labels.

    Raises
    ------
    DataError
        If the file is damaged or a column that the study names is not there.
    """
    parquet = path.suffix.lower() in PARQUET_ENDINGS
    read = _read_parquet if parquet else _read_csv
    raw = raw_of_table(read(path), spec, where=f"`{path.name}`")
    if parquet:
        raw.notes.append("Parquet checksums are optional: damaged values may go unnoticed")
    return raw


def _read_csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    where = f"`{path.name}`"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline(1 << 20)
        separator = max(_SEPARATORS, key=header.count)
        # Only an empty field is missing for certain: None and NA may be categories.
        return pd.read_csv(
            path,
            sep=separator,
            encoding="utf-8-sig",
            keep_default_na=False,
            na_values=[""],
            low_memory=False,
            skipinitialspace=True,
            index_col=False,
        )
    except UnicodeDecodeError as error:
        raise DataError(
            f"{where} must be UTF-8; got byte 0x{error.object[error.start]:02x} at {error.start}. "
            "Save it again as UTF-8."
        ) from error
    # What pandas raises for damaged files has no common base.
    except Exception as error:
        raise DataError(
            f"{where} must be a CSV file with a header; {one_line(error)}. Correct that line."
        ) from error


def _read_parquet(path: Path) -> pd.DataFrame:
    import pyarrow.parquet

    where = f"`{path.name}`"
    try:
        with pyarrow.parquet.ParquetFile(path, page_checksum_verification=True) as file:
            shape = (file.metadata.num_rows, file.metadata.num_columns)
            if min(shape) < 0 or 8 * shape[0] * shape[1] > LARGEST_BYTES:
                raise DataError(f"{where} must hold at most {LARGEST_BYTES} bytes; got {shape}.")
            table = file.read(use_threads=False)
            # Offsets and texts too: pandas believes them.
            table.validate(full=True)
            return table.to_pandas()
    except DataError:
        raise
    # What Arrow raises for damaged files has no common base.
    except (Exception, pyarrow.ArrowException) as error:
        raise DataError(
            f"{where} must be a Parquet file; {one_line(error)}. Write it again."
        ) from error


def raw_of_table(table: pd.DataFrame, spec: DatasetSpec, *, where: str) -> Raw:
    """Divide a table in what to learn from, labels, groups and parts.

    Raises
    ------
    DataError
        If there is no row, the study names no label, or a column is not there.
    """
    columns = [str(column) for column in table.columns]
    if not spec.label:
        raise DataError(
            f"{where} needs the name of the column to predict. Write label: {columns[-1]}, or "
            f"another of {quoted(', '.join(columns))}."
        )
    if table.empty:
        raise DataError(f"{where} must hold rows; it has a header alone.")
    named = {"label": spec.label, "group": spec.group, "split": spec.split}
    for key, name in [*named.items(), *(("drop", name) for name in spec.drop)]:
        if name and name not in columns:
            hint = closest(name, columns) if len(columns) <= 30 else f"It has {len(columns)}."
            raise DataError(f"{where} has no {key} column {quoted(name)}. {hint}")
    if len(set(columns)) < len(columns):
        raise DataError(f"{where} must have columns of different names; rename one.")
    table = table.set_axis(columns, axis=1)
    x = table.drop(columns=[name for name in (*named.values(), *spec.drop) if name])
    return Raw(
        x,
        _values(table[spec.label]),
        groups=_values(table[spec.group]) if spec.group else None,
        parts=_values(table[spec.split]) if spec.split else None,
    )


def _values(column: pd.Series) -> np.ndarray:
    """Return a column as an array; categories and pandas's own types as their values."""
    if column.dtype.kind in "iufb" and isinstance(column.dtype, np.dtype):
        return column.to_numpy()
    return column.astype(object).where(column.notna(), None).to_numpy()
