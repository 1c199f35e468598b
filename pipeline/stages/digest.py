"""Stage `digest`: one small file that says what a dataset's results are.

The report reads the results of every dataset of the study. A stage of DVC cannot list
dependencies that follow a list in params.yaml, but it can depend on a folder: each dataset's
digest lies there.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pipeline import atomic


def run(results: Path, dataset: str) -> None:
    """Write results/digests/<dataset>.json: the SHA-256 of each of the dataset's result files."""
    folder = results / dataset
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
    atomic.write_text(results / "digests" / f"{dataset}.json", json.dumps(found, indent=2) + "\n")
