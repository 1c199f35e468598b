"""A local folder with `<dataset>/<canonical file>`, such as KNOCKOUT_DATA_MIRROR names."""

from __future__ import annotations

from pathlib import Path

from data_loaders.datasets import IDX_FILES, Arrays
from data_loaders.errors import DataError
from data_loaders.idx import read_idx, spellings


def from_folder(name: str, folder: Path) -> Arrays:
    """Read a dataset's IDX files, compressed or plain, under either spelling.

    Raises
    ------
    DataError
        If a file is missing or damaged.
    """
    arrays = {}
    for part, file_name in IDX_FILES.items():
        candidates = [folder / name / spelling for spelling in spellings(file_name)]
        path = next((path for path in candidates if path.is_file()), None)
        if path is None:
            raise DataError(f"{folder / name} holds no {file_name}")
        arrays[part] = read_idx(path)
    return arrays
