"""Studies that are legal and mean little: they end with tables and a page that say so."""

from pathlib import Path

import pytest

from tests.fault.test_world import PARAMS, begin, project, said, train

__all__ = ["project"]

pytestmark = pytest.mark.fault


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("learning_rate: 0.1", "learning_rate: 1.0e+30", "diverged"),
        ("replicates: 2", "replicates: 1", "inconclusive"),
        ("batch_size: 32", "batch_size: 5000", "inconclusive"),
    ],
    ids=["every run diverges", "one replicate", "batch larger than the data"],
)
def test_an_absurd_study_is_told_with_its_caveat(
    project: Path, old: str, new: str, words: str
) -> None:
    (project / "params.yaml").write_text(PARAMS.replace(old, new), "utf-8")
    train(project)
    said(begin(project, "report"))
    assert words in said(begin(project, "show"))
    assert words in (project / "reports" / "index.html").read_text("utf-8")
