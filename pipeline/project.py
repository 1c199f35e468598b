"""Where a project keeps things, and what its params.yaml says."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.errors import StudyError, closest
from experiments.study import Study, parse_study
from pipeline.store import RunStore

_SECTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "data": {"on_missing": ("skip", "fail")},
    "run": {"executor": ("processes", "in-process", "dask"), "address": ()},
}


@dataclass(frozen=True)
class Project:
    """A folder with params.yaml, and the study that it declares."""

    root: Path
    study: Study
    on_missing: str
    executor: str
    address: str = ""

    @property
    def store(self) -> RunStore:
        """The run store: KNOCKOUT_STORE, or `.knockout/runs` in the project.

        An experiment that DVC runs in a copy of the project shares the project's store.
        """
        named = os.environ.get("KNOCKOUT_STORE")
        if named:
            return RunStore(Path(named))
        parts = self.root.parts
        if ".dvc" in parts:
            return RunStore(Path(*parts[: parts.index(".dvc")]) / ".knockout" / "runs")
        return RunStore(self.root / ".knockout" / "runs")

    def results(self, dataset: str | None = None) -> Path:
        """Return the results folder, of one dataset or of all."""
        folder = self.root / "results"
        return folder / dataset if dataset else folder


def read_yaml(path: Path) -> dict[str, Any]:
    """Read YAML 1.2, where `off` is a word and 1e-4 a number."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe", pure=True).load(path)
    except FileNotFoundError:
        raise StudyError(f"{path} does not exist. Run this in a Knockout project.") from None
    except YAMLError as error:
        problem = " ".join(str(error).split())
        raise StudyError(f"{path.name} must be valid YAML; {problem}") from None
    if not isinstance(content, dict):
        raise StudyError(f"{path.name} must be a mapping; got {type(content).__name__}.")
    return content


def _choice(params: dict[str, Any], section: str, key: str) -> str:
    choices = _SECTIONS[section][key]
    value = params.get(section, {}).get(key, choices[0])
    if value not in choices:
        raise StudyError(f"`{section}.{key}` must be one of {', '.join(choices)}; got {value!r}.")
    return str(value)


def _address(value: Any) -> str:
    """Return the address of a Dask scheduler, or nothing."""
    if value and not (isinstance(value, str) and "://" in value):
        raise StudyError(
            f"`run.address` must be a scheduler's address; got {value!r}. "
            "Write it like tcp://10.0.0.5:8786."
        )
    return str(value or "")


def open_project(root: Path | None = None, params_file: Path | None = None) -> Project:
    """Read and validate a project's params.yaml.

    Raises
    ------
    StudyError
        At the first fault, in one line.
    """
    root = (root or Path.cwd()).resolve()
    params = read_yaml(params_file or root / "params.yaml")
    known = ["study", *_SECTIONS]
    for section, content in params.items():
        if section not in known:
            raise StudyError(f"`{section}` is not a known section. {closest(str(section), known)}")
        if not isinstance(content, dict):
            raise StudyError(f"`{section}` must be a mapping; got {content!r}.")
        for key in content if section in _SECTIONS else ():
            if key not in _SECTIONS[section]:
                raise StudyError(
                    f"`{section}.{key}` is not a known key. {closest(str(key), _SECTIONS[section])}"
                )
    if "study" not in params:
        raise StudyError("`study` is missing. Add it to params.yaml.")
    return Project(
        root,
        parse_study(params["study"]),
        _choice(params, "data", "on_missing"),
        _choice(params, "run", "executor"),
        _address(params.get("run", {}).get("address", "")),
    )
