"""A browser for all tests here, and a report to open in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.results.figures.gallery import draw_figures
from pipeline.results.findings import verdicts
from pipeline.results.report.report import write_report
from pipeline.results.tables.analyse import analyse
from tests.browser.devtools import NAMES, Browser, find_chromium
from tests.pipeline.conftest import EVIL, make_exhibits, make_study

Shared = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium."""
    program = find_chromium()
    if program is None:
        pytest.skip(f"no Chromium on PATH: looked for {', '.join(NAMES)}")
    opened = Browser(program)
    yield opened
    opened.close()


def report_of(folder: Path, **changes: object) -> None:
    """Write the report of a made-up study."""
    study = make_study(n_test=300, **changes)  # type: ignore[arg-type]
    tables = analyse(study)
    figures = draw_figures(study, tables, folder / "figures", make_exhibits(study))
    write_report(study, tables, verdicts(study, tables), figures, folder)


@pytest.fixture(scope="session")
def page(shared: Shared) -> Path:
    """The report of a study with one dataset that is unavailable."""
    asked = {"datasets": ("mnist", "digits"), "unavailable": ("fashion_mnist",)}
    return shared("page", lambda folder: report_of(folder, **asked)) / "index.html"


@pytest.fixture(scope="session")
def evil_page(shared: Shared) -> Path:
    """The report of a study with a hostile level."""
    asked = {"datasets": ("digits",), "on": EVIL, "design": "pairs", "replicates": 2}
    return shared("evil_page", lambda folder: report_of(folder, **asked)) / "index.html"
