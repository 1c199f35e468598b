"""Write a file wholly or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4


def write_with(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path`, then move it into place.

    The folder is created. A reader sees the old file or the new one, never a part. A file that is
    hard-linked or read-only (as DVC's cache makes it) is replaced, not written through.

    Raises
    ------
    OSError
        If it cannot be written; a full disk is named with the file and the remedy.
    """
    try:
        _write_beside(path, write)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        # The system names neither the file nor what to do.
        text = f"{error.strerror}; free some room and run again: what is stored is whole"
        raise OSError(error.errno, text, str(path)) from error


def _write_beside(path: Path, write: Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}{path.suffix}")
    try:
        # Who may read it follows the user's umask, whatever `write` thinks of it.
        temporary.touch(exist_ok=False)
        mode = temporary.stat().st_mode
        write(temporary)
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path` in one step."""
    write_with(path, lambda temporary: temporary.write_bytes(content))


def write_text(path: Path, content: str) -> None:
    """Write `content` to `path` in one step, as UTF-8."""
    write_bytes(path, content.encode())
