"""The report in a real browser: no overflow, operable by keyboard, asks for nothing."""

from pathlib import Path

import pytest

from tests.browser.devtools import Browser

pytestmark = pytest.mark.browser
TAB, ENTER, SPACE = ("Tab", 9), ("Enter", 13), (" ", 32)


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width=width)
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    # Wide tables and drawings scroll inside their own frames, which end inside the screen.
    ends = browser.run(
        "[...document.querySelectorAll('.scroll, figure, nav, .answer, h1, h2')]"
        ".map((part) => part.getBoundingClientRect().right)"
    )
    assert len(ends) > 20
    assert max(ends) <= width
    assert browser.run("[...document.querySelectorAll('table')].every((t) => t.closest('.scroll'))")


@pytest.mark.parametrize("section", ["with-without", "statistics", "all-cells"])
def test_tables_are_seen_whole_on_a_common_screen(
    browser: Browser, page: Path, section: str
) -> None:
    browser.open(page, width=1280)
    frames = f"[...document.querySelectorAll('#{section} .scroll')]"
    assert browser.run(f"{frames}.length") > 0
    assert browser.run(f"{frames}.every((frame) => frame.scrollWidth <= frame.clientWidth)")


def test_drawings_are_large_enough_to_read_on_a_phone(browser: Browser, page: Path) -> None:
    browser.open(page, width=390)
    widths = browser.run("[...document.images].map((image) => image.width)")
    # 8-point captions on a 7.2-inch drawing come out with 7 pixels or more.
    assert min(widths) >= 470


def test_the_page_asks_for_nothing_but_itself(browser: Browser, page: Path) -> None:
    browser.open(page)
    asked = [address for address in browser.requests if not address.startswith("data:")]
    assert asked == [page.resolve().as_uri()]
    assert browser.errors == []
    assert browser.run("[...document.images].every((i) => i.complete && i.naturalWidth > 0)")


def column(browser: Browser, table: str, number: int) -> list[str]:
    return browser.run(
        f"[...document.querySelectorAll('#{table} tbody tr')]"
        f".map((row) => row.cells[{number}].dataset.key)"
    )


def focus(browser: Browser) -> str:
    return browser.run("document.activeElement.textContent.trim()")


def test_a_table_is_sorted_by_keyboard_alone(browser: Browser, page: Path) -> None:
    browser.open(page)
    table = "with-without .scroll:first-of-type"
    before = column(browser, table, 0)
    browser.run("document.querySelector('#with-without .scroll').focus()")
    browser.press(*TAB)
    assert focus(browser) == "component"
    browser.press(*ENTER)
    assert column(browser, table, 0) == sorted(before, key=str.lower)
    sorting = "document.querySelector('#with-without th').getAttribute('aria-sort')"
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
    heads = browser.run(
        "[...document.querySelectorAll('#all-cells th button')].map((b) => b.textContent)"
    )
    number = heads.index("difference (pp)")
    for _ in range(2):
        browser.run(f"document.querySelectorAll('#all-cells th button')[{number}].click()")
        keys = column(browser, "all-cells", number)
        known = [key for key in keys if key]
        assert keys == known + [""] * (len(keys) - len(known))
        assert len(known) < len(keys)


def test_the_filter_counts_what_it_shows(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run("document.getElementById('filter').focus()")
    browser.send("Input.insertText", text="mnist adam")
    shown = browser.run(
        "[...document.querySelectorAll('#all-cells tbody tr')]"
        ".filter((row) => !row.hidden).map((row) => row.textContent.toLowerCase())"
    )
    assert shown
    assert all("mnist" in text and "adam" in text for text in shown)
    said = browser.run("document.getElementById('filter-count').textContent")
    assert said.startswith(f"{len(shown)} of ")


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
    assert not browser.run("document.querySelector('details').open")
    content = browser.pdf()
    assert content.startswith(b"%PDF")
    assert 3 <= content.count(b"/Type /Page\n") <= 40
    assert browser.run("document.querySelector('details').open")


def test_a_hostile_name_is_shown_and_does_nothing(browser: Browser, evil_page: Path) -> None:
    browser.open(evil_page)
    assert browser.run("window.hit") is None
    assert browser.run("document.querySelectorAll('img[src=x]').length") == 0
    assert "onerror=window.hit" in browser.run("document.body.textContent")
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
