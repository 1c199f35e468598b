"""Ways to damage a file: what disks, networks and malice do to bytes.

`KNOCKOUT_MUTATIONS` sets how many are tried per kind of file in the long run (`make fault`).
"""

import os
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MANY = int(os.environ.get("KNOCKOUT_MUTATIONS", "3000"))
_SECONDS, _BYTES = 2.0, 2**26
_PROC = Path("/proc/self")


@st.composite
def mutations(draw: st.DrawFn, size: int) -> list[tuple[str, int, bytes]]:
    change = st.tuples(
        st.sampled_from(["flip", "cut", "insert", "overwrite", "empty"]),
        st.integers(0, max(size - 1, 0)),
        st.binary(min_size=1, max_size=8),
    )
    return draw(st.lists(change, min_size=1, max_size=3))


def mutate(content: bytes, changes: list[tuple[str, int, bytes]]) -> bytes:
    for kind, at, piece in changes:
        if kind == "flip" and at < len(content):
            content = content[:at] + bytes([content[at] ^ (piece[0] or 1)]) + content[at + 1 :]
        elif kind == "cut":
            content = content[:at]
        elif kind == "insert":
            content = content[:at] + piece + content[at:]
        elif kind == "overwrite":
            content = content[:at] + piece + content[at + len(piece) :]
        elif kind == "empty" and at == 0:
            content = b""
    return content


def _resident(field: str) -> int:
    """Return the memory that is resident now (VmRSS) or was at most (VmHWM), in bytes."""
    try:
        status = (_PROC / "status").read_text("utf-8")
    except OSError:
        # macOS keeps the maximum alone; a growth shows in it as well.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 1024 * int(re.findall(rf"{field}:\s+(\d+) kB", status)[0])


@contextmanager
def at_little_cost(most: float = _BYTES) -> Iterator[None]:
    """Hold what is done to 2 s of CPU and so many bytes, those of libraries in C included."""
    if _PROC.exists():
        # The maximum starts anew.
        (_PROC / "clear_refs").write_text("5", "ascii")
    before, started = _resident("VmRSS"), time.process_time()
    yield
    assert time.process_time() - started < _SECONDS
    assert _resident("VmHWM") - before < most


@dataclass(frozen=True)
class Kind:
    """A kind of file: how it is written into a folder and read back, and how it is refused.

    Whether a checksum covers its values: else a mutated file may hold others. An error names the
    folder; the file's own name, or how the study names it, will do where `path` is given.
    """

    write: Callable[[Path], Path]
    read: Callable[[Path], Any]
    errors: tuple[type[Exception], ...]
    has_checksum: bool = True
    path: str = ""

    def is_refused_in_one_line_or_whole(self, n: int) -> None:
        """Try so many mutations: each is refused at little cost in one line, or changes nothing."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            file = self.write(folder)
            whole, good = file.read_bytes(), self.read(folder)
            names = (str(folder), self.path, file.name) if self.path else (str(folder),)

            @settings(
                deadline=None, max_examples=n, database=None,
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(mutations(len(whole)))
            def tried(changes: list[tuple[str, int, bytes]]) -> None:
                file.write_bytes(mutate(whole, changes))
                with at_little_cost():
                    try:
                        found = self.read(folder)
                    except self.errors as refusal:
                        text = str(refusal)
                        assert "\n" not in text
                        assert len(text) < 1000
                        assert any(part in text for part in names)
                    else:
                        assert found == good or not self.has_checksum

            tried()
