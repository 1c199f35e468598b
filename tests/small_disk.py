"""A disk of a few megabytes that can be filled to any byte."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class SmallDisk:
    """A folder that is a disk of its own, and the file that fills it."""

    folder: Path

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def leave(self, room: int) -> None:
        """Fill the disk until so many bytes are left."""
        self.clear()
        state = os.statvfs(self.folder)
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, state.f_bavail * state.f_frsize - room)

    def clear(self) -> None:
        """Give back what fills it."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a disk at a folder, or skip the test where that is not allowed."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounts a small disk: for root, on Linux")
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no right to mount")
    try:
        yield SmallDisk(folder)
    finally:
        # Lazily: the test's working directory may be on it.
        subprocess.run(["umount", "-l", str(folder)], check=True)
