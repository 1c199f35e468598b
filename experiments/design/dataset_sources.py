"""The datasets of a study: names, and where a user's own ones lie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from data_loaders.registry import REGISTRY
from experiments.errors import StudyError, closest

# Names become folders under results/, stages of DVC and experiments of MLflow.
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_TAKEN = {"digests", "studies"}


def parse_datasets(value: Any) -> dict[str, str]:
    """Read `[name, …]` or `{name: path, …}`.

    Returns
    -------
    dict
        Name to what `data_loaders` loads: the name again for a known dataset, which a mapping
        writes `{digits: }`, or the path of a user's own.

    Raises
    ------
    StudyError
        If a name is not known and has no path, is not fit for a folder, or comes twice.
    """
    if isinstance(value, Mapping):
        pairs = [(str(name), path) for name, path in value.items()]
    elif isinstance(value, list) and len(set(map(str, value))) == len(value):
        pairs = [(str(name), None) for name in value]
    else:
        raise StudyError(
            f"`study.datasets` must be a list of different names or {{name: path}}; got {value!r}."
        )
    return {name: _source(name, path) for name, path in pairs}


def _source(name: str, path: Any) -> str:
    known = name in REGISTRY
    if known and path in (None, name):
        return name
    if path is None:
        raise StudyError(_unknown(name))
    if not isinstance(path, str):
        raise StudyError(f"`study.datasets.{name}` must be a path; got {path!r}.")
    if known or name in _TAKEN or not _NAME.fullmatch(name):
        raise StudyError(
            f"`study.datasets.{name}` must be a name of its own in lower-case letters, digits, _ "
            f"and -; got the path {path!r} under it. Choose another name."
        )
    return path


def _unknown(name: str) -> str:
    if "/" in name or name.endswith(".npz"):
        slug = re.sub(r"[^a-z0-9]+", "_", PurePath(name).stem.lower()).strip("_") or "data"
        slug = f"own_{slug}" if slug in REGISTRY else slug
        return (
            f"`study.datasets` must give a dataset of your own a name; got the path {name!r}. "
            f"Write datasets: {{{slug}: {name}}}."
        )
    return f"`study.datasets` must name known datasets; got {name!r}. {closest(name, REGISTRY)}"
