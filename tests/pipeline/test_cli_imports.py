"""The command line answers at once: what a command needs is imported when it runs."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"pandas", "pyarrow", "scipy", "sklearn", "matplotlib", "mlflow", "dvc"}
STUDY = "study: {datasets: [digits], factors: {dropout: {off: 0, on: 0.2}}}"


def imported(code: str, folder: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_help_imports_neither_numpy_nor_anything_heavy(tmp_path: Path) -> None:
    names = imported("import pipeline.cli", tmp_path)
    assert not names & {*HEAVY, "numpy", "pydantic", "ruamel"}


def test_a_study_of_built_in_data_is_checked_without_what_reads_or_judges(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(STUDY, encoding="utf-8")
    names = imported(
        "from pipeline.cli import app; app(['check'], standalone_mode=False)", tmp_path
    )
    assert {"numpy", "pydantic"} <= names
    assert not names & HEAVY
