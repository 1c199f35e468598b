"""A project in a temporary folder, driven by the real DVC, Git and Knockout commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command_line import output

ROOT = Path(__file__).resolve().parents[2]
PARAMS = """\
study:
  datasets: [digits]
  design: add_one_in
  replicates: 2
  factors:
    optimizer: [sgd, adam]
    dropout: {off: 0, on: 0.2}
  recipe: {hidden: [16], epochs: 2}
  tune: {trials: 2}
time: {processes: 0}
"""


@dataclass(frozen=True)
class Clone:
    """A project, and the environment in which its commands run."""

    root: Path
    environment: dict[str, str]

    def run(self, *command: str, code: int = 0) -> str:
        """Run a command in the project, check its exit code and return all that it said."""
        return output(*command, cwd=self.root, env=self.environment, code=code)

    def dvc(self, *arguments: str, code: int = 0) -> str:
        return self.run("dvc", *arguments, code=code)

    def git(self, *arguments: str) -> str:
        return self.run("git", *arguments)

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def runs(self) -> set[str]:
        """Return the keys of all stored runs, those of tuning among them."""
        return {path.stem for path in (self.root / ".knockout" / "runs").glob("??/*.run")}

    def restore(self, stored: set[str]) -> None:
        """Take back all changes since the last commit and forget all runs but these."""
        self.git("reset", "-q", "--hard", "main")
        self.git("clean", "-fdq")
        for folder in ("results/studies", "reports/studies", "results/letters"):
            shutil.rmtree(self.root / folder, ignore_errors=True)  # ignored by Git
        for path in (self.root / ".knockout" / "runs").glob("??/*.run"):
            if path.stem not in stored:
                path.unlink()
        self.dvc("checkout", "-q", "--force")

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def text(self, file: str) -> str:
        return (self.root / file).read_text()


def environment_of(root: Path, home: Path) -> dict[str, str]:
    """Return the environment of a user who has this machine's Python and nothing else."""
    dropped = ("KNOCKOUT", "DVC", "GIT", "MLFLOW")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    nowhere = "http://127.0.0.1:9"
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(root),
        "PYTHONDONTWRITEBYTECODE": "",
        "HOME": str(home),
        "KNOCKOUT_CACHE": str(home / "data"),
        "DVC_GLOBAL_CONFIG_DIR": str(home / "dvc-global"),
        "DVC_SYSTEM_CONFIG_DIR": str(home / "dvc-system"),
        "DVC_SITE_CACHE_DIR": str(home / "dvc-site"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME",)},
        **{f"GIT_{who}_EMAIL": "test@example.org" for who in ("AUTHOR", "COMMITTER")},
        **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), nowhere),
        "no_proxy": "127.0.0.1,localhost",
    }


def _copy_sources(target: Path) -> None:
    """Copy what Git would commit, without results: the working tree is what is tested."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    skipped = ("results/", "reports/", "tests/", "dvc.lock", "experiments/studies/dvc.lock")
    for name in listed:
        if not name.startswith(skipped) and (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A project whose small study was run by `dvc repro` and committed, with a remote."""
    home = tmp_path_factory.mktemp("home")
    root = home / "project"
    root.mkdir()
    _copy_sources(root)
    (root / "params.yaml").write_text(PARAMS)
    clone = Clone(root, environment_of(root, home))
    clone.git("init", "-q", "-b", "main")
    clone.commit("sources")
    clone.dvc("repro")
    clone.dvc("remote", "add", "-d", "store", str(home / "remote"))
    clone.commit("results")
    return clone


@pytest.fixture
def clone(finished: Clone) -> Iterator[Clone]:
    """The finished project; what a test changes is taken back afterwards."""
    stored = finished.runs()
    yield finished
    finished.restore(stored)
