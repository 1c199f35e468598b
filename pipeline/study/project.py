"""Where a project keeps things, and what its params.yaml says."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.design.study import Study, parse_study
from experiments.errors import StudyError, closest, quoted
from pipeline.study.settings import Settings, parse_settings, read_yaml
from pipeline.study.store.run_store import RunStore

STUDIES = Path("experiments") / "studies"


@dataclass(frozen=True)
class Project:
    """A folder with params.yaml, one study, main or declared, and the settings beside it."""

    root: Path
    study: Study
    settings: Settings = field(default_factory=Settings)
    declared: str | None = None

    @property
    def file(self) -> Path:
        """The file that holds the study."""
        return self.root / (STUDIES / f"{self.declared}.yaml" if self.declared else "params.yaml")

    @property
    def store(self) -> RunStore:
        """The run store: KNOCKOUT_STORE, or `.knockout/runs` in the project.

        An experiment that DVC runs in a copy of the project shares the project's store.
        """
        named = os.environ.get("KNOCKOUT_STORE")
        if named:
            return RunStore(Path(named).expanduser())
        parts = self.root.parts
        root = Path(*parts[: parts.index(".dvc")]) if ".dvc" in parts else self.root
        return RunStore(root / ".knockout" / "runs")

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
        return f"knockout {words}" + (f" --study {self.declared}" if self.declared else "")

    @property
    def again(self) -> str:
        """The command that runs the study, or what of it is not up to date."""
        return self.command("run") if self.declared else "dvc repro"

    def _own(self, kind: str) -> Path:
        folder = self.root / kind
        return folder / "studies" / self.declared if self.declared else folder


def declared_studies(root: Path) -> list[str]:
    """Return the names of the studies declared beside the main one."""
    return sorted(path.stem for path in (root / STUDIES).glob("*.yaml") if path.stem != "dvc")


def open_project(root: Path | None = None, study: str | None = None) -> Project:
    """Read and validate a project's study: that of params.yaml, or a declared one by its name.

    Raises
    ------
    StudyError
        At the first fault, in one line.
    """
    root = (root or Path.cwd()).resolve()
    if study is None:
        return read_project(read_yaml(root / "params.yaml"), root)
    names = declared_studies(root)
    if study not in names:
        raise StudyError(
            f"--study must name a file in {STUDIES}; got {study!r}. {closest(study, names)}"
        )
    return read_project(read_yaml(root / STUDIES / f"{study}.yaml"), root, study)


def read_project(sections: dict[str, Any], root: Path, declared: str | None = None) -> Project:
    """Validate what a file with a study holds; `open_project` says what is what."""
    sections = dict(sections)
    section = sections.pop("study", None)
    settings = parse_settings(sections)
    if section is None:
        raise StudyError("`study` is missing. Add it to params.yaml.")
    if not isinstance(section, dict):
        raise StudyError(f"`study` must be a mapping; got {quoted(section)}.")
    if declared is not None:
        section = {"name": declared, **section}
        if section["name"] != declared:
            raise StudyError(
                f"`study.name` must be the name of its file, {declared}; got "
                f"{quoted(section['name'])}. Leave it out."
            )
    return Project(root, parse_study(section, root), settings, declared)
