"""Where a run was logged from: git commit and DVC experiment."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def provenance(project: Path) -> dict[str, str]:
    """Return the tags that tie a run to the project's present revision and DVC experiment."""
    tags = {"mlflow.source.name": "knockout", "mlflow.source.type": "LOCAL"}
    if commit := _commit(project):
        tags["mlflow.source.git.commit"] = commit
        tags["dvc.revision"] = os.environ.get("DVC_EXP_BASELINE_REV", commit)
    if name := os.environ.get("DVC_EXP_NAME"):
        tags["dvc.experiment"] = name
    return tags


def _commit(project: Path) -> str:
    command = ["git", "-C", str(project), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
