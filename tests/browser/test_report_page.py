"""The report in a real browser: no overflow, operable by keyboard, asks for nothing."""

import re
from pathlib import Path

import pytest

from tests.browser.devtools import Browser

pytestmark = pytest.mark.browser
TAB, ENTER = ("Tab", 9), ("Enter", 13)
OPEN = "document.querySelectorAll('details').forEach((part) => { part.open = true; })"
VISIBLE = "[...document.querySelectorAll('.panel:not([hidden])')].map((p) => p.dataset.dataset)"
# As seen: a drawing's text is scaled with the drawing.
SIZES = """
(() => {
  const sizes = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const part = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !part.getClientRects().length) continue;
    if (part.closest("script, style, title")) continue;
    const drawing = part.closest(".drawing svg");
    const scale = drawing
      ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : 1;
    sizes.push(scale * parseFloat(getComputedStyle(part).fontSize));
  }
  return sizes;
})()
"""


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width=width)
    browser.run(OPEN)
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    # Wide tables scroll inside their own frames, which end inside the screen; drawings fit.
    ends = browser.run(
        "[...document.querySelectorAll('.scroll, figure, figure svg, nav, .sentences, h1, h2')]"
        ".map((part) => part.getBoundingClientRect().right)"
    )
    assert len(ends) > 20
    assert max(ends) <= width
    assert browser.run("[...document.querySelectorAll('table')].every((t) => t.closest('.scroll'))")


@pytest.mark.parametrize("width", [390, 1280])
def test_no_text_is_smaller_than_eleven_pixels(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width=width)
    browser.run(OPEN)
    sizes = browser.run(SIZES)
    assert len(sizes) > 300
    assert min(sizes) >= 11


@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_screen_answers(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width=width, height=900)
    assert browser.run("document.querySelector('.warning').getBoundingClientRect().bottom < 500")
    bottom = browser.run("document.querySelector('.matrix').getBoundingClientRect().bottom")
    assert bottom < (1050 if width == 390 else 800)


@pytest.mark.parametrize("table", ["sides", "statistics", "cells"])
def test_tables_are_seen_whole_on_a_common_screen(browser: Browser, page: Path, table: str) -> None:
    browser.open(page, width=1280)
    browser.run(OPEN)
    frame = f"document.getElementById('mnist-{table}').closest('.scroll')"
    assert browser.run(f"{frame}.scrollWidth <= {frame}.clientWidth")


def test_a_square_leads_to_its_sentence_and_runs(browser: Browser, page: Path) -> None:
    browser.open(page)
    square = "document.querySelectorAll('.matrix tbody tr')[2].cells[2].querySelector('a')"
    href = browser.run(f"{square}.getAttribute('href')")
    assert href.startswith("#digits-c")
    browser.run(f"{square}.click()")
    target = f"document.getElementById('{href[1:]}')"
    top = f"{target}.getBoundingClientRect().top"
    assert browser.wait_for(f"{top} > -5 && {top} < 900")
    assert browser.run(f"{target}.querySelector('.keys').textContent").startswith("digits-")
    assert browser.run(VISIBLE) == ["digits"]


def test_tabs_show_one_dataset_at_a_time_and_obey_the_keyboard(
    browser: Browser, page: Path
) -> None:
    browser.open(page)
    assert browser.run(VISIBLE) == ["mnist"]
    browser.run("document.querySelector('[role=tab]').focus()")
    browser.press("ArrowRight", 39)
    assert browser.run(VISIBLE) == ["digits"]
    assert browser.run("document.activeElement.getAttribute('aria-selected')") == "true"
    browser.press("ArrowRight", 39)
    assert browser.run(VISIBLE) == ["mnist"]


def test_a_link_opens_what_its_place_is_folded_in(browser: Browser, page: Path) -> None:
    browser.open(f"{page.resolve().as_uri()}#digits-statistics")
    assert browser.run("document.getElementById('digits-numbers').open")
    assert browser.run(VISIBLE) == ["digits"]


def test_every_link_inside_resolves(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert browser.run(
        "[...document.querySelectorAll('a[href^=\"#\"]')]"
        ".every((a) => document.getElementById(decodeURIComponent(a.hash.slice(1))))"
    )


def test_the_page_asks_for_nothing_but_itself(browser: Browser, page: Path) -> None:
    browser.open(page)
    asked = [address for address in browser.requests if not address.startswith("data:")]
    assert asked == [page.resolve().as_uri()]
    assert browser.errors == []


def test_a_term_is_explained_without_a_pointer(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run("document.querySelector('.sentences abbr, .sure abbr').focus()")
    assert browser.run("!document.getElementById('tip').hidden")
    assert len(browser.run("document.getElementById('tip').textContent")) > 30
    browser.press("Escape", 27)
    assert browser.run("document.getElementById('tip').hidden")


def test_columns_can_be_put_away(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run(OPEN)
    box = "document.querySelector('.columns input[data-table=mnist-cells]')"
    count = "[...document.querySelectorAll('#mnist-cells tr')].filter((r) => !r.cells[1].hidden)"
    assert browser.run(f"{count}.length") > 10
    browser.run(f"{box}.click()")
    assert browser.run(f"{count}.length") == 0


def column(browser: Browser, table: str, number: int) -> list[str]:
    return browser.run(
        f"[...document.querySelectorAll('#{table} tbody tr')]"
        f".map((row) => row.cells[{number}].dataset.key)"
    )


def focus(browser: Browser) -> str:
    return browser.run("document.activeElement.textContent.trim()")


def test_a_table_is_sorted_by_keyboard_alone(browser: Browser, page: Path) -> None:
    browser.open(page)
    table = "mnist-sides"
    before = column(browser, table, 0)
    browser.run(f"document.getElementById('{table}').closest('.scroll').focus()")
    browser.press(*TAB)
    browser.press(*TAB)
    assert focus(browser) == "component"
    browser.press(*ENTER)
    assert column(browser, table, 0) == sorted(before, key=str.lower)
    sorting = f"document.querySelector('#{table} th').getAttribute('aria-sort')"
    assert browser.run(sorting) == "ascending"
    browser.press(*ENTER)
    assert column(browser, table, 0) == sorted(before, key=str.lower, reverse=True)
    assert browser.run(sorting) == "descending"
    browser.press(*TAB)
    browser.press(*TAB)
    assert focus(browser) == "difference (pp)"
    browser.press(*ENTER)
    numbers = [float(key) for key in column(browser, table, 2)]
    assert numbers == sorted(numbers, reverse=True)
    assert browser.run(sorting) is None


def test_unknown_values_stay_last_in_both_directions(browser: Browser, page: Path) -> None:
    browser.open(page)
    buttons = "document.querySelectorAll('#mnist-cells th button')"
    number = browser.run(f"[...{buttons}].map((b) => b.textContent)").index("difference (pp)")
    for _ in range(2):
        browser.run(f"{buttons}[{number}].click()")
        keys = column(browser, "mnist-cells", number)
        known = [key for key in keys if key]
        assert keys == known + [""] * (len(keys) - len(known))
        assert len(known) < len(keys)


def test_the_filter_counts_what_it_shows_of_its_dataset(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run(OPEN)
    browser.run("document.getElementById('filter-mnist').focus()")
    browser.send("Input.insertText", text="l2 drop")
    shown = browser.run(
        "[...document.querySelectorAll('#mnist-cells tbody tr')]"
        ".filter((row) => !row.hidden).map((row) => row.cells[0].textContent.toLowerCase())"
    )
    assert shown
    assert all("l2" in name.split("+") and "dropout" in name.split("+") for name in shown)
    count = browser.run("document.querySelector('.count').textContent")
    assert count.startswith(f"{len(shown)} of ")
    # A whole word is a whole part of the name: "mom" is none.
    browser.run("document.getElementById('filter-mnist').value = 'mom l2'")
    browser.run("document.getElementById('filter-mnist').dispatchEvent(new Event('input'))")
    assert browser.run("document.querySelector('.count').textContent").startswith("0 of ")


def test_the_first_stop_skips_to_the_answer(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.press(*TAB)
    assert focus(browser) == "Skip to the answer"
    assert browser.run("document.activeElement.getBoundingClientRect().left >= 0")
    browser.press(*ENTER)
    assert browser.run("location.hash") == "#answer"


LUMINANCE = """
(() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((v) => {
      const x = v / 255;
      return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (part) => {
    for (let node = part; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const parts = document.querySelectorAll("p, li, h1, h2, h3, td, th, dt, dd, nav a, .verdict");
  return Math.min(...[...parts].map((part) => {
    const [a, b] = [light(getComputedStyle(part).color), light(behind(part))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }));
})()
"""


@pytest.mark.parametrize("dark", [False, True])
def test_text_stands_out_in_light_and_dark(browser: Browser, page: Path, dark: bool) -> None:
    browser.open(page, dark=dark)
    background = browser.run("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(20, 23, 27)") is dark
    # WCAG 2.2, success criterion 1.4.3.
    assert browser.run(LUMINANCE) >= 4.5


def test_nothing_is_wider_than_paper(browser: Browser, page: Path) -> None:
    browser.open(page, width=703)  # A4 without the page's margins
    browser.send("Emulation.setEmulatedMedia", media="print")
    assert browser.run("document.documentElement.scrollWidth") <= 703
    browser.send("Emulation.setEmulatedMedia", media="")


def test_it_prints_with_everything_open(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert not browser.run("document.getElementById('method').open")
    content = browser.pdf()
    assert content.startswith(b"%PDF")
    assert 3 <= content.count(b"/Type /Page\n") <= 40
    assert browser.run("document.getElementById('method').open")


def test_a_figure_is_printed_alone_on_a_sheet_of_its_size(browser: Browser, page: Path) -> None:
    browser.open(page, dark=True)
    browser.run("window.print = () => {}")
    title = browser.run("document.title")
    browser.run("document.querySelector('#effect_forest_mnist .print').click()")
    assert browser.run("document.title") == "effect_forest_mnist"
    browser.send("Emulation.setEmulatedMedia", media="print")
    seen = browser.run(
        "[...document.body.children].filter((p) => p.getClientRects().length).map((p) => p.id)"
    )
    assert seen == ["sheet"]
    assert browser.run("document.querySelectorAll('#sheet text').length") > 5
    # On paper the colours are the light ones, whatever the screen's.
    assert "var(" not in browser.run("document.getElementById('sheet').innerHTML")
    browser.send("Emulation.setEmulatedMedia", media="")
    content = browser.pdf()
    assert content.count(b"/Type /Page\n") == 1
    width, height = browser.run(
        "(({ width, height }) => [width, height])"
        "(document.querySelector('#effect_forest_mnist svg').viewBox.baseVal)"
    )
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert box
    assert [float(side) for side in box.groups()] == pytest.approx([width, height], abs=1.5)
    assert browser.run("document.getElementById('sheet')") is None
    assert browser.run("document.title") == title


def test_a_hostile_name_is_shown_and_does_nothing(browser: Browser, evil_page: Path) -> None:
    browser.open(evil_page)
    assert browser.run("window.hit") is None
    assert browser.run("document.querySelectorAll('img[src=x]').length") == 0
    assert "onerror=window.hit" in browser.run("document.body.textContent")
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
