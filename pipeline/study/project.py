"""Where a project keeps things, and what its params.yaml says."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.design.study import Study, parse_study
from experiments.errors import StudyError, closest
from pipeline.study.store.run_store import RunStore
from pipeline.study.timing_protocol import TimingProtocol, parse_timing

STUDIES = Path("experiments") / "studies"
_SECTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "data": {"on_missing": ("skip", "fail")},
    "run": {"executor": ("processes", "in-process", "dask"), "address": ()},
}


@dataclass(frozen=True)
class Project:
    """A folder with params.yaml, and one study: the main one or a declared one.

    Parameters
    ----------
    root : Path
        The folder.
    study : Study
        The study in params.yaml, or in experiments/studies/<declared>.yaml.
    on_missing, executor : str
        What the sections `data` and `run` beside the study say.
    declared : str, optional
        The name of the declared study; None for the main one.
    """

    root: Path
    study: Study
    on_missing: str
    executor: str
    address: str = ""
    timing: TimingProtocol = field(default_factory=TimingProtocol)
    declared: str | None = None

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
        folder = self._own("results")
        return folder / dataset if dataset else folder

    @property
    def reports(self) -> Path:
        """The folder of the report and its figures."""
        return self._own("reports")

    def command(self, words: str) -> str:
        """Return `knockout WORDS` as one types it for this study."""
        return f"knockout {words} --study {self.declared}" if self.declared else f"knockout {words}"

    def _own(self, kind: str) -> Path:
        folder = self.root / kind
        return folder / "studies" / self.declared if self.declared else folder


def read_yaml(path: Path) -> dict[str, Any]:
    """Read YAML 1.2, where `off` is a word and 1e-4 a number."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe", pure=True).load(path)
    except FileNotFoundError:
        raise StudyError(f"{path} does not exist. Run this in a Knockout project.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"{path} cannot be read: {error}.") from None
    except YAMLError as error:
        raise StudyError(f"{path.name} must be valid YAML; {_problem(error)}") from None
    if not isinstance(content, dict):
        raise StudyError(f"{path.name} must be a mapping; got {type(content).__name__}.")
    return content


def _problem(error: Exception) -> str:
    """Return what the parser says and where, without its advice to programmers."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    if mark is None or not problem:
        return " ".join(str(error).split())
    said = problem.split(" with value ")[0].removeprefix("but ")
    return f"line {mark.line + 1}, column {mark.column + 1}: {' '.join(said.split())}."


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


def declared_studies(root: Path) -> list[str]:
    """Return the names of the studies declared beside the main one."""
    return sorted(path.stem for path in (root / STUDIES).glob("*.yaml") if path.stem != "dvc")


def open_project(root: Path | None = None, study: str | None = None) -> Project:
    """Read and validate a project's study.

    Parameters
    ----------
    root : Path, optional
        The project; by default the working directory.
    study : str, optional
        A declared study, `experiments/studies/<study>.yaml`; by default params.yaml.

    Raises
    ------
    StudyError
        At the first fault, in one line.
    """
    root = (root or Path.cwd()).resolve()
    path = root / "params.yaml"
    if study is not None:
        names = declared_studies(root)
        if study not in names:
            raise StudyError(
                f"--study must name a file in {STUDIES}; got {study!r}. {closest(study, names)}"
            )
        path = root / STUDIES / f"{study}.yaml"
    params = _sections(path)
    if study is not None and params["study"].setdefault("name", study) != study:
        raise StudyError(
            f"`study.name` must be the name of its file, {study}; got "
            f"{params['study']['name']!r}. Leave it out."
        )
    return Project(
        root,
        parse_study(params["study"], root),
        _choice(params, "data", "on_missing"),
        _choice(params, "run", "executor"),
        _address(params.get("run", {}).get("address", "")),
        parse_timing(params.get("time", {})),
        declared=study,
    )


def _sections(path: Path) -> dict[str, Any]:
    params = read_yaml(path)
    known = ["study", "time", *_SECTIONS]
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
        raise StudyError(f"`study` is missing. Add it to {path.name}.")
    return params
