"""What may stand in the repository, and what may not."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = {"https://pypi.org", "https://files.pythonhosted.org"}


def test_the_lock_file_names_only_the_public_index() -> None:
    hosts = set(re.findall(r"https?://[^/\"]+", (ROOT / "uv.lock").read_text()))
    assert hosts == PUBLIC


def test_no_data_database_or_cache_is_tracked() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    forbidden = re.compile(r"\.(npy|npz|parquet|db|gz)$|ubyte$|^\.knockout/|^mlartifacts/")
    assert [name for name in listed.stdout.splitlines() if forbidden.search(name)] == []


def test_the_makefile_and_ci_agree_on_the_test_command() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text()
    assert "make test" in (ROOT / "README.md").read_text()
