"""Download one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

# Only a bound for a connection that was given up: silence is noticed sooner by `watch`.
_TIMEOUT_S = 20
_CHUNK = 1 << 14


def _stream(url: str, output_file: Any, _: Any) -> None:
    """Write what a web server answers, as it comes in: the growing file is the sign of life.

    pooch's own downloader leaves the connection open after a refusal, and counts a file twice
    that the server compresses on the way.
    """
    import requests
    from tqdm import tqdm

    headers = {"Accept-Encoding": "identity"}
    with requests.get(url, stream=True, timeout=_TIMEOUT_S, headers=headers) as response:
        response.raise_for_status()
        total = int(response.headers.get("Content-Length", 0)) or None
        # disable=None: a bar on a terminal, silence elsewhere.
        bar = tqdm(total=total, desc=url, unit="B", unit_scale=True, disable=None)
        with Path(output_file).open("wb", buffering=0) as file, bar:
            for chunk in response.iter_content(_CHUNK):
                file.write(chunk)
                bar.update(len(chunk))


def download(url: str, folder: Path, *, known_hash: str | None = None) -> Path:
    """Fetch one file with pooch, which verifies it before it takes its name.

    Parameters
    ----------
    url : str
        What to fetch.
    folder : Path
        Where the file is put.
    known_hash : str, optional
        Expected hash of the file, SHA-256 or `<algorithm>:<hash>`; without one the decoded arrays
        are verified later.

    Raises
    ------
    ValueError
        If the hash differs; the download is deleted.
    requests.RequestException
        If the server cannot be reached, refuses, or breaks off.
    """
    import pooch

    pooch.get_logger().setLevel("ERROR")
    file_name = url.rsplit("/", 1)[-1]
    return Path(pooch.retrieve(url, known_hash, fname=file_name, path=folder, downloader=_stream))
