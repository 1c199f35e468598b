"""The shop window shows the results that go with it in Git, whatever was run here since."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"not a git checkout: {done.stderr.strip()}")
    return done.stdout


def rows(text: str) -> list[dict[str, str]]:
    """Return the first table with a column `verdict` as one mapping per row."""
    lines = [line.strip("| \n") for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    start = next(i for i, row in enumerate(cells) if row[0] == "dataset" and "verdict" in row)
    head = cells[start]
    body = []
    for row in cells[start + 1 :]:
        if len(row) != len(head):
            break
        body.append(dict(zip(head, row, strict=True)))
    return body[1:]


def test_the_table_is_that_of_the_stored_results() -> None:
    shown = rows((ROOT / "README.md").read_text())
    stored = rows(git("show", ":results/with_without.md"))
    assert len(shown) == len(stored) > 0
    for ours, theirs in zip(shown, stored, strict=True):
        assert ours == {name: theirs[name] for name in ours}


def test_every_figure_and_page_that_it_shows_is_there() -> None:
    text = (ROOT / "README.md").read_text()
    targets = [part.split(")")[0] for part in text.split("](")[1:]]
    local = [target for target in targets if "://" not in target]
    assert len(local) > 5
    known = set(git("ls-files").splitlines())
    assert [target for target in local if target.split("#")[0] not in known] == []
