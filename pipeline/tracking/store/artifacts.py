"""Write the files of a run into its folder, all or none."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Make `folder` hold these files; it appears whole, so a missing one tells of a cut."""
    temporary = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    write_files(temporary, files)
    temporary.replace(folder)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts by name into a folder that is there."""
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
