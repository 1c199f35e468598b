"""The code blocks of README and the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^```(\w*)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:knockout|dvc|make) [^`\n]+)`")


@dataclass(frozen=True)
class Block:
    """A fenced block: its page and line, its language, the file that it is (or ""), its text."""

    page: Path
    line: int
    language: str
    title: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path, *languages: str) -> list[Block]:
    """Return the blocks of a page, of these languages or of all."""
    text = page.read_text(encoding="utf-8")
    found = [
        Block(page, text.count("\n", 0, match.start()) + 1, *match.groups())
        for match in _FENCE.finditer(text)
    ]
    return [block for block in found if not languages or block.language in languages]


def commands(page: Path) -> Iterator[tuple[str, str]]:
    """Yield where each command of a page is, and the command: one a line, continuations joined."""
    for block in blocks(page, "sh", "console"):
        for line in block.text.replace("\\\n", " ").splitlines():
            if block.language == "console" and not line.startswith("$ "):
                continue
            command = re.sub(r"\s+#.*", "", line.removeprefix("$ ")).strip()
            if command:
                yield str(block), command
    prose = _FENCE.sub("", page.read_text(encoding="utf-8"))
    for match in _INLINE.finditer(prose):
        yield f"{page.relative_to(ROOT)}, `{match[1]}`", match[1]
