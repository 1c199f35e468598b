"""A table with named columns becomes a matrix: numbers stay, texts become categories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from data_loaders.errors import DataError, quoted

if TYPE_CHECKING:
    import pandas as pd

# A column of texts with more different values is free text or an identifier, no category.
MOST_CATEGORIES = 100
# What people write for "no value" in a column of numbers.
_NO_VALUE = frozenset({"na", "n/a", "nan", "null", "none", "?", "-", "."})
Features = list[tuple[str, str]]


def as_matrix(table: pd.DataFrame, *, where: str) -> tuple[np.ndarray, Features, list[str]]:
    """Return a table's columns as float32, shape (n, d).

    Numbers and truth values are one column each, missing ones NaN. A column of texts becomes one
    column of zeros and ones per category, all NaN where the text is missing.

    Parameters
    ----------
    table : DataFrame
        Only the columns to learn from.
    where : str
        What the error calls it.

    Returns
    -------
    tuple
        The matrix, (column, category or "") for each of its columns, and notes for the reader.

    Raises
    ------
    DataError
        If a column holds dates, infinite numbers, or texts that are no categories.
    """
    import pandas as pd

    features: Features = []
    pieces: list[np.ndarray] = []
    notes: list[str] = []
    for position, label in enumerate(table.columns):
        name, column = str(label), table.iloc[:, position]
        if pd.api.types.is_bool_dtype(column) or pd.api.types.is_numeric_dtype(column):
            numbers = _to_float32(column)
            _check_range(numbers, column, f"{where} column {quoted(name)}")
            features.append((name, ""))
            pieces.append(numbers)
            continue
        if pd.api.types.is_datetime64_any_dtype(column) or pd.api.types.is_timedelta64_dtype(
            column
        ):
            raise DataError(
                f"{where} column {quoted(name)} must hold numbers or categories; got dates. Write "
                "a number, such as days since the first one, or leave it out with drop."
            )
        texts = column.astype("string").str.strip()
        parsed, note = _as_numbers(texts)
        if parsed is not None:
            notes += [f"column {quoted(name)}: {note}"] if note else []
            _check_range(parsed, column, f"{where} column {quoted(name)}")
            features.append((name, ""))
            pieces.append(parsed)
            continue
        names, zeros_and_ones = _as_categories(texts, f"{where} column {quoted(name)}")
        features += [(name, category) for category in names]
        pieces += list(zeros_and_ones.T)
    matrix = np.empty((len(table), len(pieces)), np.float32)
    for j, piece in enumerate(pieces):
        matrix[:, j] = piece
    return matrix, features, notes


def _to_float32(column: pd.Series) -> np.ndarray:
    """Return numbers as float32: beyond its range infinite, and a signalling NaN a quiet one."""
    with np.errstate(over="ignore", invalid="ignore"):
        return column.to_numpy(np.float32, na_value=np.nan)


def _check_range(numbers: np.ndarray, column: pd.Series, where: str) -> None:
    bad = np.flatnonzero(np.isinf(numbers))
    if len(bad):
        raise DataError(
            f"{where} must hold finite numbers in float32's range; got "
            f"{quoted(column.iloc[bad[0]])} in row {bad[0] + 1}. Correct it, or leave it empty."
        )


def _as_numbers(texts: pd.Series) -> tuple[np.ndarray | None, str]:
    """Return texts as float32 where all are numbers, with what had to be read into them."""
    import pandas as pd

    missing = texts.isna() | (texts == "") | texts.str.lower().isin(_NO_VALUE)
    present = texts[~missing]
    if not len(present):
        return (np.full(len(texts), np.nan, np.float32), "no value at all")
    for sign, note in ((present, ""), (present.str.replace(",", ".", regex=False), "comma")):
        numbers = pd.to_numeric(sign, errors="coerce")
        if not numbers.isna().any():
            parsed = np.full(len(texts), np.nan, np.float32)
            parsed[~missing.to_numpy(bool)] = _to_float32(numbers)
            words = sorted(set(texts[missing].dropna()) - {""})
            notes = ["decimal commas read as points"] if note else []
            notes += [f"{quoted(', '.join(words))} read as missing"] if words else []
            return parsed, "; ".join(notes)
    return None, ""


def _as_categories(texts: pd.Series, where: str) -> tuple[Sequence[str], np.ndarray]:
    """Return the categories in alphabetical order and a column of zeros and ones for each."""
    texts = texts.mask(texts == "")
    names = sorted(texts.dropna().unique().tolist())
    if len(names) > MOST_CATEGORIES:
        raise DataError(
            f"{where} must hold numbers or at most {MOST_CATEGORIES} categories; got {len(names)} "
            f"different texts, such as {quoted(names[0])}. Leave it out with drop: [column]."
        )
    codes = texts.map({name: code for code, name in enumerate(names)})
    found = codes.to_numpy(np.float32, na_value=np.nan)[:, None]
    known = (found == np.arange(len(names))).astype(np.float32)
    return names, np.where(np.isnan(found), np.float32(np.nan), known)
