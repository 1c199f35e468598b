"""Ways to damage a file: what disks, networks and malice do to bytes.

`KNOCKOUT_MUTATIONS` sets how many are tried per kind of file in the long run (`make fault`).
"""

import os

from hypothesis import strategies as st

MANY = int(os.environ.get("KNOCKOUT_MUTATIONS", "3000"))


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
