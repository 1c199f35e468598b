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


def sha256_of(files: Iterable[Path], folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file by its path in `folder`, in that order."""
    names = {path.relative_to(folder).as_posix(): path for path in files if path.is_file()}
    return {name: hashlib.sha256(names[name].read_bytes()).hexdigest() for name in sorted(names)}


def write_seal(path: Path, digests: dict[str, object] | dict[str, str]) -> None:
    """Write digests as JSON."""
    atomic.write_text(path, json.dumps(digests, indent=1) + "\n")
