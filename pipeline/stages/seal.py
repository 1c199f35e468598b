"""Small files in Git that say what larger ones hold.

Tables and networks lie in DVC's cache, which a fresh clone does not have. Stages depend on their
seals instead: a clone can say what would run, and the report what it is drawn from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from pipeline import atomic


def write_seal(path: Path, files: Iterable[Path], folder: Path) -> None:
    """Write the SHA-256 of each file by its path in `folder`, in that order, as JSON."""
    names = {file.relative_to(folder).as_posix(): file for file in files if file.is_file()}
    digests = {name: hashlib.sha256(names[name].read_bytes()).hexdigest() for name in sorted(names)}
    atomic.write_text(path, json.dumps(digests, indent=1) + "\n")
