"""The run store: one small file per run, found by its run_key."""

from __future__ import annotations

import hashlib
import json
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np

from experiments.run.result import RunResult
from pipeline import atomic

FORMAT = 3
_ARRAYS = ("labels", "outputs", "test_index", "validation_labels", "validation_outputs")
# Runs of a block have these in common.
_SHARED = ("labels", "test_index", "validation_labels")


def _pack(array: np.ndarray) -> bytes:
    """Return compressed bytes: the first ones of all numbers together, then the second ones."""
    # Neighbours agree in the high bytes of their numbers: sorted so, they compress better. A higher
    # level takes three times as long for 2 % less.
    array = np.ascontiguousarray(array)
    planes = array.view(np.uint8).reshape(-1, array.dtype.itemsize).T
    return zlib.compress(planes.tobytes(), 1)


def _unpack(dtype: str, shape: tuple[int, ...], packed: bytes) -> np.ndarray:
    kind = np.dtype(dtype)
    planes = np.frombuffer(zlib.decompress(packed), np.uint8)
    values = np.ascontiguousarray(planes.reshape(kind.itemsize, -1).T).view(kind).reshape(shape)
    values.flags.writeable = False
    return values


@lru_cache(maxsize=64)
def _unpack_shared(dtype: str, shape: tuple[int, ...], packed: bytes) -> np.ndarray:
    """Return one read-only array for all runs of a block, which share their parts."""
    return _unpack(dtype, shape, packed)


def encode(result: RunResult) -> bytes:
    """Return the file content of a result: a line with its SHA-256, a line of JSON, the arrays."""
    # Not dataclasses.asdict, which copies each number of the learning curves.
    record = {field.name: getattr(result, field.name) for field in fields(result)}
    packed = []
    for name in _ARRAYS:
        array = record[name]
        packed.append(_pack(array))
        record[name] = array.dtype.newbyteorder("<").str, array.shape, len(packed[-1])
    head = json.dumps({"format": FORMAT, **record}, sort_keys=True).encode()
    body = b"\n".join([head, b"".join(packed)])
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _decode(content: bytes) -> RunResult:
    checksum, _, body = content.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        raise ValueError("the content does not match its checksum")
    head, _, packed = body.partition(b"\n")
    record = json.loads(head)
    if record.pop("format") != FORMAT:
        raise ValueError(f"the format is not {FORMAT}")
    start = 0
    for name in _ARRAYS:
        dtype, shape, size = record[name]
        unpack = _unpack_shared if name in _SHARED else _unpack
        record[name] = unpack(dtype, tuple(shape), packed[start : start + size])
        start += size
    return RunResult(**record)


@dataclass(frozen=True)
class RunStore:
    """Finished runs on disk, as `<root>/<first two hex digits>/<run_key>.run`."""

    root: Path

    def path(self, run_key: str) -> Path:
        """Return where the run with this key lies or would lie."""
        return self.root / run_key[:2] / f"{run_key}.run"

    def __contains__(self, run_key: str) -> bool:
        return self.path(run_key).exists()

    def put(self, result: RunResult) -> None:
        """Store a result; a reader sees it wholly or not at all."""
        atomic.write_bytes(self.path(result.run_key), encode(result))

    def get(self, run_key: str) -> RunResult | None:
        """Return the stored run, or None when there is none that can be believed.

        A damaged file is deleted, so that its run is trained anew.
        """
        path = self.path(run_key)
        try:
            result = _decode(path.read_bytes())
            if result.run_key != run_key:
                raise ValueError(f"it holds run {result.run_key}")
        except FileNotFoundError:
            return None
        except (KeyError, TypeError, ValueError, zlib.error):
            path.unlink(missing_ok=True)
            print(f"{path} was damaged, and deleted: its run is trained again", file=sys.stderr)
            return None
        return result

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Let one study at a time use the store; wait, and say so, while another one does.

        The system gives the lock back when its holder dies, however it dies. An OSError says that
        the folder cannot be made or locked, as on some network disks.
        """
        # What only reads locks nothing, and starts the sooner.
        from filelock import FileLock, Timeout

        lock = FileLock(self.root / "lock")
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            print("another study is using this run store; waiting for it", file=sys.stderr)
            lock.acquire()
        except OSError as error:
            raise OSError(
                f"run store: {self.root} must be a folder that can be written and locked; "
                f"{error.strerror}. Set KNOCKOUT_STORE to a folder on a local disk."
            ) from error
        try:
            yield
        finally:
            lock.release()
