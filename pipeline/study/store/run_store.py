"""The run store: one small file per run, found by its run_key."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from experiments.run.result import RunResult
from pipeline import atomic

FORMAT = 1
_ARRAYS = {"labels": np.uint8, "predictions": np.uint8, "test_index": np.int64}


class DamagedRunError(ValueError):
    """A stored run does not match its own checksum."""


def _pack(array: np.ndarray) -> str:
    return base64.b64encode(zlib.compress(np.ascontiguousarray(array).tobytes(), 6)).decode()


def _unpack(text: str, dtype: Any) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype)


@lru_cache(maxsize=64)
def _unpack_shared(text: str, dtype: Any) -> np.ndarray:
    """Return one read-only array for all runs of a block, which share their test part."""
    return _unpack(text, dtype)


def encode(result: RunResult) -> bytes:
    """Return the file content of a result: JSON, behind a line with its SHA-256."""
    record = asdict(result)
    for name, dtype in _ARRAYS.items():
        record[name] = _pack(record[name].astype(dtype))
    body = json.dumps({"format": FORMAT, **record}, sort_keys=True).encode()
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def decode(content: bytes) -> RunResult:
    """Return the result in a file's content.

    Raises
    ------
    DamagedRunError
        If the content is not what was written.
    """
    checksum, _, body = content.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        raise DamagedRunError("the content does not match its checksum")
    record = json.loads(body)
    if record.pop("format") != FORMAT:
        raise DamagedRunError(f"the format is not {FORMAT}")
    for name, dtype in _ARRAYS.items():
        unpack = _unpack if name == "predictions" else _unpack_shared
        record[name] = unpack(record[name], dtype)
    return RunResult(**record)


@dataclass(frozen=True)
class RunStore:
    """Finished runs on disk, content-addressed by run_key.

    Parameters
    ----------
    root : Path
        The folder; runs lie in `<root>/<first two hex digits>/<run_key>.run`.
    """

    root: Path

    def path(self, run_key: str) -> Path:
        """Return where the run with this key lies or would lie."""
        return self.root / run_key[:2] / f"{run_key}.run"

    def __contains__(self, run_key: str) -> bool:
        return self.path(run_key).exists()

    def keys(self) -> Iterator[str]:
        """Yield the key of every stored run, in sorted order."""
        return iter(sorted(path.stem for path in self.root.glob("??/*.run")))

    def put(self, result: RunResult) -> None:
        """Store a result; a reader sees it wholly or not at all."""
        atomic.write_bytes(self.path(result.run_key), encode(result))

    def get(self, run_key: str) -> RunResult | None:
        """Return the stored run, or None when there is none that can be believed.

        A damaged file is deleted, so that its run is trained anew.
        """
        path = self.path(run_key)
        try:
            result = decode(path.read_bytes())
            if result.run_key != run_key:
                raise DamagedRunError(f"it holds run {result.run_key}")
        except FileNotFoundError:
            return None
        except (DamagedRunError, KeyError, TypeError, ValueError, zlib.error):
            path.unlink(missing_ok=True)
            return None
        return result

    def drop(self, run_key: str) -> None:
        """Forget a run."""
        self.path(run_key).unlink(missing_ok=True)
