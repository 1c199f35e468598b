"""The command line as a user meets it: in a folder of theirs, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from experiments.run.result import RunResult
from pipeline.study.store.run_store import RunStore

KEPT = ("KNOCKOUT", "HOME", "PATH", "MLFLOW_TRACKING_URI")
ROOT = Path(__file__).resolve().parents[1]


def output(
    *command: str | Path, cwd: Path, env: Mapping[str, str] | None = None, code: int = 0
) -> str:
    """Run a command, check its exit code and return all that it says."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == code, f"{command}\n{done.stdout[-4000:]}"
    return done.stdout


def knockout(folder: Path, *words: str, code: int = 0) -> str:
    """Run a command there as the installed script does, and return what it says."""
    start = "import sys; from pipeline.cli import main; sys.argv[0] = 'knockout'; main()"
    kept = {k: v for k, v in os.environ.items() if k.startswith(KEPT)}
    # What else is on the path is kept, such as a package that was installed for one test.
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    env = {**kept, "PYTHONPATH": path, "KNOCKOUT_WORKERS": "1"}
    return output(sys.executable, "-P", "-c", start, *words, cwd=folder, env=env, code=code)


def stored_runs(folder: Path) -> list[RunResult]:
    """Return every run that the store of a project holds, of tuning too."""
    # The project is not opened: its modules would stay imported, for the tests of others too.
    store = RunStore(Path(os.environ.get("KNOCKOUT_STORE") or folder / ".knockout" / "runs"))
    found = (store.get(path.stem) for path in store.root.glob("??/*.run"))
    return [result for result in found if result is not None]
