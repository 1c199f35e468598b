"""MLflow's own UI in a real browser, over a study that was trained and tracked for it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.devtools import Browser

pytestmark = pytest.mark.browser
PARAMS = """
study:
  datasets: [digits]
  replicates: 2
  factors:
    optimizer: [sgd, adam]
    dropout: {off: 0, on: 0.2}
  recipe: {hidden: [16], batch_size: 64, epochs: 3}
  tune: {trials: 2}
run: {executor: in-process}
time: {processes: 0}
"""
# Four cells and the placebo, which is sgd's, with two replicates each.
CELLS, RUNS, RUNS_WITH_ADAM = 5, 10, 4
SEARCH, ROW = "[data-testid=search-box]", ".ag-center-cols-container .ag-row"


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The ready views that `knockout ui` prints, by experiment and view; it serves them."""
    root = tmp_path_factory.mktemp("tracked")
    (root / "params.yaml").write_text(PARAMS)
    command = [sys.executable, "-m", "pipeline.cli"]
    here = {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    away = ("MLFLOW_TRACKING_URI", "KNOCKOUT_STORE")
    environment = {k: v for k, v in os.environ.items() if k not in away} | here
    subprocess.run([*command, "run"], cwd=root, env=environment, check=True)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    served = subprocess.Popen(
        [*command, "ui", "--port", str(port)],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert served.stdout is not None
    found, experiment = {}, ""
    for line in served.stdout:
        words = line.split()
        if line.startswith("Ctrl-C"):
            break
        if len(words) == 2 and "://" in words[1]:
            found[f"{experiment} {words[0]}"] = words[1]
        elif len(words) == 1:
            experiment = words[0]
    yield found
    served.terminate()
    served.communicate(timeout=60)


def opened(browser: Browser, link: str, n_runs: int) -> None:
    """Open a ready view and wait until it has counted its runs."""
    browser.open(link, width=1680, height=1050)
    browser.wait_for(shows(n_runs))


def shows(n_runs: int) -> str:
    return f"document.body?.innerText.includes('{n_runs} matching runs')"


def column(browser: Browser, name: str) -> list[str]:
    """Return a column's texts from top to bottom."""
    cells = f"[...document.querySelectorAll('{ROW}')]"
    browser.wait_for(f"{cells}.length > 0")
    return browser.run(
        f"{cells}.sort((a, b) => a.getAttribute('row-index') - b.getAttribute('row-index'))"
        f".map((row) => row.querySelector(`[col-id*='{name}']`).innerText)"
    )


def test_cells_stand_sorted_with_factors_difference_and_verdict(
    browser: Browser, links: dict[str, str]
) -> None:
    opened(browser, links["knockout/main/digits table"], CELLS)
    accuracies = [float(text) for text in column(browser, "test/accuracy")]
    assert len(accuracies) == CELLS
    assert accuracies == sorted(accuracies, reverse=True)
    titles = browser.run(
        "[...document.querySelectorAll('.ag-header-cell')]"
        ".sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left)"
        ".map((cell) => cell.innerText.trim())"
    )
    wanted = ["test/accuracy", "diff/pp", "verdict", "optimizer", "dropout"]
    assert [title for title in titles if title in wanted] == wanted
    verdicts = {"baseline", "helps", "hurts", "equivalent", "inconclusive"}
    assert {"baseline"} < set(column(browser, "verdict")) <= verdicts


def test_replicates_stand_block_by_block(browser: Browser, links: dict[str, str]) -> None:
    opened(browser, links["knockout/main/digits/runs table"], RUNS)
    replicates = column(browser, "replicate")
    assert len(replicates) == RUNS and replicates == sorted(replicates)


def test_the_verdicts_and_the_page_open_from_the_links(
    browser: Browser, links: dict[str, str]
) -> None:
    browser.open(links["knockout/main verdicts"], width=1680, height=1050)
    browser.wait_for("document.body?.innerText.includes('The whole page')")
    browser.open(links["knockout/main page"], width=1680, height=1050)
    browser.wait_for("!!document.querySelector('iframe')")


def test_a_typed_filter_leaves_the_runs_with_adam(browser: Browser, links: dict[str, str]) -> None:
    opened(browser, links["knockout/main/digits/runs table"], RUNS)
    assert set(column(browser, "optimizer")) == {"sgd", "adam"}
    browser.type(SEARCH, "params.optimizer = 'adam'")
    browser.wait_for(shows(RUNS_WITH_ADAM))
    assert column(browser, "optimizer") == ["adam"] * RUNS_WITH_ADAM


def test_ticked_runs_are_compared(browser: Browser, links: dict[str, str]) -> None:
    opened(browser, links["knockout/main/digits/runs table"], RUNS)
    boxes = "document.querySelectorAll('.ag-row input[type=checkbox][aria-label*=selection]')"
    browser.wait_for(f"{boxes}.length >= {RUNS}")
    browser.run(f"[...{boxes}].slice(0, 2).forEach((box) => box.click())")
    compare = (
        "[...document.querySelectorAll('button')].find((b) => b.innerText.trim() == 'Compare')"
    )
    browser.wait_for(f"!!{compare}")
    browser.run(f"{compare}.click()")
    browser.wait_for("document.body.innerText.includes('Comparing 2 Runs from 1 Experiment')")


@pytest.mark.parametrize(
    ("experiment", "n_runs", "n_bars"),
    # The baseline has no difference to itself.
    [("knockout/main/digits", CELLS, CELLS - 1), ("knockout/main/digits/runs", RUNS, RUNS)],
)
def test_charts_are_filled_without_setting_anything_up(
    browser: Browser, links: dict[str, str], experiment: str, n_runs: int, n_bars: int
) -> None:
    opened(browser, links[f"{experiment} charts"], n_runs)
    counts = {
        "g.dimension": len(("optimizer", "dropout", "test/accuracy")),
        "path.point": n_runs,  # accuracy against seconds
        "g.point": n_bars,
        ".js-line": n_runs,
    }
    for marks, least in counts.items():
        browser.wait_for(f"document.querySelectorAll('{marks}').length >= {least}")
