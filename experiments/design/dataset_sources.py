"""The datasets of a study: names, and where each comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from data_loaders.errors import DataError, closest, quoted
from data_loaders.parse_spec import parse_spec
from data_loaders.registry import REGISTRY
from data_loaders.spec import DatasetSpec
from experiments.errors import StudyError

# Names become folders under results/, stages of DVC and experiments of MLflow.
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_TAKEN = {"digests", "studies"}


def parse_datasets(value: Any) -> dict[str, DatasetSpec]:
    """Read `[name, …]` or `{name: what data_loaders.parse_spec reads, …}`.

    Raises
    ------
    StudyError
        If a name is not known and nothing is said of it, is not fit for a folder, or comes twice,
        or what is said of it is wrong.
    """
    if isinstance(value, Mapping):
        pairs = [(str(name), said) for name, said in value.items()]
    elif isinstance(value, list) and len(set(map(str, value))) == len(value):
        pairs = [(str(name), None) for name in value]
    else:
        raise StudyError(
            "`study.datasets` must be a list of different names or {name: path}; got "
            f"{quoted(value)}."
        )
    return {name: _parse(name, said) for name, said in pairs}


def _parse(name: str, said: Any) -> DatasetSpec:
    if said is None and name not in REGISTRY:
        raise StudyError(_unknown(name))
    try:
        spec = parse_spec(name, None if said == name in REGISTRY else said)
    except DataError as error:
        raise StudyError(f"`study.datasets.{name}`: {error}") from None
    taken = name in _TAKEN or (name in REGISTRY and spec.builtin != name)
    if taken or not _NAME.fullmatch(name):
        raise StudyError(
            f"`study.datasets.{quoted(name)[1:-1]}` must be a name of its own in lower-case "
            f"letters, digits, _ and -, at most 64; got {quoted(said)} under it. Choose another "
            "name."
        )
    return spec


def _unknown(name: str) -> str:
    if "/" in name or PurePath(name).suffix:
        slug = re.sub(r"[^a-z0-9]+", "_", PurePath(name).stem.lower()).strip("_") or "data"
        slug = f"own_{slug}" if slug in REGISTRY else slug
        return (
            f"`study.datasets` must give a dataset of your own a name; got the path "
            f"{quoted(name)}. Write datasets: {{{slug[:64]}: {quoted(name)[1:-1]}}}."
        )
    return (
        f"`study.datasets` must name known datasets; got {quoted(name)}. {closest(name, REGISTRY)}"
    )
