"""Where a run was logged from: git commit and DVC experiment."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path


def provenance(project: Path) -> dict[str, str]:
    """Return the tags that tie a run to the project's present revision and DVC experiment."""
    tags = {"mlflow.source.name": "knockout", "mlflow.source.type": "LOCAL"}
    command = ["git", "-C", str(project), "rev-parse", "HEAD"]
    # Without Git, or outside a repository, there is no commit.
    with suppress(OSError, subprocess.SubprocessError):
        said = subprocess.check_output(command, stderr=subprocess.DEVNULL, timeout=5)
        tags["mlflow.source.git.commit"] = commit = said.decode("ascii").strip()
        tags["dvc.revision"] = os.environ.get("DVC_EXP_BASELINE_REV", commit)
    if name := os.environ.get("DVC_EXP_NAME"):
        tags["dvc.experiment"] = name
    return tags
