"""What a page prints after a command is what the command says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import knockout
from tests.docs.blocks import ROOT, Block, blocks

PAGES = [ROOT / "docs" / name for name in ("your-component.md", "your-training.md")]
OUTPUTS = [block for page in PAGES for block in blocks(page, "console")]


@pytest.mark.parametrize("block", OUTPUTS, ids=str)
def test_the_output_is_that_of_the_command(block: Block, tmp_path: Path) -> None:
    for file in blocks(block.page):
        if file.title:
            path = tmp_path / file.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text, encoding="utf-8")
    command, _, expected = block.text.partition("\n")
    program, *words = command.removeprefix("$ ").split()
    assert program == "knockout"
    assert knockout(tmp_path, *words) == expected
