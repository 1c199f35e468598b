"""README shows the results that it was written for, whatever was run or committed since."""

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


@pytest.fixture(scope="module")
def revision() -> str:
    """Return the tree that README goes with: that of its last commit, or what is staged with it.

    Results of one's own, committed later, are not README's.
    """
    if git("status", "--porcelain", "--", "README.md"):
        return ""  # Git's index
    if git("rev-parse", "--is-shallow-repository").strip() == "true":
        pytest.skip("the commit that README was written in is not in a shallow clone")
    return git("log", "-1", "--format=%H", "--", "README.md").strip()


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


def test_the_table_is_that_of_the_stored_results(revision: str) -> None:
    shown = rows((ROOT / "README.md").read_text(encoding="utf-8"))
    stored = rows(git("show", f"{revision}:results/with_without.md"))
    assert len(shown) == len(stored) > 0
    for ours, theirs in zip(shown, stored, strict=True):
        assert ours == {name: theirs[name] for name in ours}


def test_every_figure_and_page_that_it_shows_is_there(revision: str) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = [part.split(")")[0] for part in text.split("](")[1:]]
    local = [target for target in targets if "://" not in target]
    assert len(local) > 5
    listed = ("ls-tree", "-r", "--name-only", revision) if revision else ("ls-files",)
    known = set(git(*listed).splitlines())
    assert [target for target in local if target.split("#")[0] not in known] == []


def test_its_figure_shows_the_rows_of_its_table(revision: str) -> None:
    """A copy of a figure that is drawn anew must not stay behind its table."""
    figure = git("show", f"{revision}:docs/figures/effect_forest_fashion_mnist.svg")
    table = rows((ROOT / "README.md").read_text(encoding="utf-8"))
    own = [row for row in table if row["dataset"] == "Fashion-MNIST"]
    assert own
    for row in own:
        assert row["component"] in figure and row["difference (pp)"] in figure
