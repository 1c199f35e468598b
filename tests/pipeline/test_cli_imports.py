"""The command line answers at once: what a command needs is imported when it runs."""

import subprocess
import sys


def test_help_imports_neither_numpy_nor_anything_heavy() -> None:
    code = "import pipeline.cli, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "pydantic", "pandas", "scipy", "matplotlib", "mlflow", "dvc", "ruamel"}
    assert not {name.split(".")[0] for name in done.stdout.split()} & heavy
