"""Download one file."""

from __future__ import annotations

import sys
from pathlib import Path

# Only a bound for a connection that was given up: silence is noticed sooner by `watch`.
_TIMEOUT_S = 20


def download(url: str, folder: Path, *, sha256: str | None = None) -> Path:
    """Fetch one file with pooch, which verifies it before it takes its name.

    Parameters
    ----------
    url : str
        What to fetch.
    folder : Path
        Where the file is put.
    sha256 : str, optional
        Expected hash of the file; without one the decoded arrays are verified later.

    Raises
    ------
    ValueError
        If the hash differs; the download is deleted.
    requests.RequestException
        If the server cannot be reached, refuses, or breaks off.
    """
    import pooch

    shown = sys.stderr.isatty()
    pooch.get_logger().setLevel("INFO" if shown else "ERROR")
    downloader = pooch.HTTPDownloader(progressbar=shown, chunk_size=1 << 14, timeout=_TIMEOUT_S)
    file_name = url.rsplit("/", 1)[-1]
    return Path(pooch.retrieve(url, sha256, fname=file_name, path=folder, downloader=downloader))
