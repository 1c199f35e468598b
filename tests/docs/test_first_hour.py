"""The tutorial: its commands, run one after the other as they are printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, blocks

PAGE = ROOT / "docs" / "first-hour.md"
# The first two set the environment up, in which the tests run already.
SKIPPED = {"make quick", ". .venv/bin/activate"}


def script() -> str:
    """Return the page as a shell script; a block with a title is a file that the reader writes."""
    lines = []
    for block in blocks(PAGE, "sh", "yaml"):
        if block.title:
            lines.append(f"cat > {block.title} <<'END'\n{block.text}END")
        elif block.language == "sh":
            lines += [line for line in block.text.splitlines() if line not in SKIPPED]
    return "\n".join(lines)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_tutorial_leads_to_a_verdict(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    for name in ("KNOCKOUT_STORE", "MLFLOW_TRACKING_URI"):
        environment.pop(name, None)
    done = subprocess.run(
        ["bash", "-ec", script()],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    table = (tmp_path / "my-study/results/with_without.md").read_text(encoding="utf-8")
    assert "batch norm" in table and "verdict" in table
    assert (tmp_path / "my-study/reports/index.html").exists()
