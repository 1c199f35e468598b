"""Data from a Python function that the study names."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from data_loaders.errors import DataError, one_line, quoted
from data_loaders.raw import Raw
from data_loaders.readers.named_arrays import raw_of_arrays
from data_loaders.readers.tables import raw_of_table
from data_loaders.spec import DatasetSpec


def call(spec: DatasetSpec, folder: Path) -> Raw:
    """Call `module:function` or `file.py:function` and take what it returns.

    Parameters
    ----------
    spec : DatasetSpec
        Names the function, which takes no arguments and returns (x, y), a mapping of arrays with
        the names of an npz, or a DataFrame.
    folder : Path
        The project's folder: files are looked for there, and it is the last place where a module
        is, so that a folder of the user's cannot shadow an installed package.

    Raises
    ------
    DataError
        If it cannot be imported, raises, or returns something else.
    """
    place, _, name = spec.function.rpartition(":")
    where = f"`{spec.function}`"
    try:
        module = _import(place, folder)
    except Exception as error:
        raise DataError(
            f"{where} must be importable; {_said(error)}. Correct the module."
        ) from error
    function = getattr(module, name, None)
    if not callable(function):
        names = ", ".join(n for n in vars(module) if not n.startswith("_"))
        raise DataError(f"{where} must name a function; `{place}` holds {quoted(names)}.")
    try:
        returned = function()
    except Exception as error:
        raise DataError(f"{where} must return data; it raised {_said(error)}.") from error
    return _raw(returned, spec, where)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {one_line(error)}"


def _import(place: str, folder: Path) -> ModuleType:
    if not place.endswith(".py"):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
        return importlib.import_module(place)
    path = folder / Path(place).expanduser()
    found = importlib.util.spec_from_file_location(path.stem, path)
    if found is None or found.loader is None or not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _raw(returned: Any, spec: DatasetSpec, where: str) -> Raw:
    if hasattr(returned, "columns"):
        return raw_of_table(returned, spec, where=where)
    if isinstance(returned, Mapping):
        return raw_of_arrays(returned, where=where)
    if isinstance(returned, tuple) and len(returned) == 2:
        x, y = returned
        return Raw(x if hasattr(x, "columns") else np.asarray(x), np.asarray(y))
    raise DataError(
        f"{where} must return (x, y), a mapping of arrays or a DataFrame; got "
        f"{type(returned).__name__}."
    )
