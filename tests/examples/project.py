"""An example's folder, laid out anew with a study that is small enough for a test, and run."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from tests.command_line import ROOT, knockout

_YAML = YAML(typ="safe", pure=True)


def answered(example: str, folder: Path, *, recipe: dict[str, Any], **study: Any) -> Path:
    """Copy an example's files, lay recipe fields and keys over its study, and run it to its end.

    It trains in one process, and nothing is timed.
    """
    shutil.copytree(ROOT / "examples" / example, folder / example)
    params = folder / example / "params.yaml"
    content = _YAML.load(params)
    content["study"] |= {**study, "recipe": {**content["study"].get("recipe", {}), **recipe}}
    content |= {"run": {"executor": "in-process"}, "time": {"processes": 0}}
    with params.open("w", encoding="utf-8") as file:
        _YAML.dump(content, file)
    knockout(params.parent, "run")
    return params.parent


def runs(project: Path, dataset: str) -> pd.DataFrame:
    """Return the table of a dataset's runs."""
    return pd.read_parquet(project / "results" / dataset / "runs.parquet")
