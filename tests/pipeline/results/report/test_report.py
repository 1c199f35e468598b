"""The page: complete, self-contained, escaped, the same each time."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from pipeline.results.answer import answer
from pipeline.results.figures.gallery import draw_figures
from pipeline.results.report.report import write_report
from pipeline.results.tables.analyse import analyse

EVIL = "\"><img src=x onerror=alert(1)><script>alert('x')</script>"


class Page(HTMLParser):
    """Tags, attributes and text of a page; a tag that is not closed is an error."""

    VOID = frozenset({"meta", "input", "img", "link", "br", "wbr"})

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.text = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def render(study, folder, *, figures=False):
    tables = analyse(study)
    drawn = draw_figures(study, tables, folder / "figures") if figures else []
    return write_report(study, tables, drawn, folder).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def text(small, tmp_path_factory):
    """The report of the small study, figures and all."""
    return render(small, tmp_path_factory.mktemp("report"), figures=True)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_it_opens_with_the_answer_then_tables_figures_method_runs(page):
    sections = [tag["id"] for tag in page.of("section")]
    assert sections[:3] == ["answer", "with-without", "effect_forest"]
    assert sections[-4:] == ["all-cells", "method", "runs", "environment"]


def test_the_answer_is_there_word_for_word(page, small, small_tables):
    plain = page.words.replace("\u00a0", " ").replace(" ", "")
    for sentence in answer(small, small_tables):
        assert sentence.replace(" ", "") in plain


def test_it_asks_for_nothing_from_outside(text, page):
    policy = [tag for tag in page.of("meta") if tag.get("http-equiv")]
    assert policy[0]["content"].startswith("default-src 'none'")
    for tag, attributes in page.tags:
        for name in ("src", "srcset", "action", "data", "poster"):
            assert attributes.get(name, "data:").startswith("data:"), (tag, name)
    links = {tag["href"] for tag in page.of("a")}
    assert all(link.startswith(("#", "figures/")) for link in links)
    style_and_script = "".join(re.findall(r"<(?:style|script)>(.*?)</", text, re.DOTALL))
    assert "url(" not in style_and_script
    assert "@import" not in style_and_script
    assert not re.search(r"fetch|XMLHttp|import\(|https?:", style_and_script)


def test_every_link_inside_the_page_has_its_place(page):
    places = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    inside = {tag["href"][1:] for tag in page.of("a") if tag["href"].startswith("#")}
    assert inside <= places
    named = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(named) == len(set(named))


def test_every_picture_says_what_it_shows(page):
    assert len(page.of("img")) >= 10
    for image in page.of("img"):
        assert "digits" in image["alt"]


def test_tables_have_heads_that_buttons_sort(page):
    regions = [tag for tag in page.of("div") if tag.get("class") == "scroll"]
    assert all(tag["tabindex"] == "0" and tag["role"] == "region" for tag in regions)
    assert len(regions) == len(page.of("table"))
    heads = [tag for tag in page.of("th") if tag.get("scope") == "col"]
    assert len(page.of("button")) == len(heads) - 6  # the table of run counts is not sorted


def test_the_same_results_give_the_same_bytes(small, tmp_path):
    assert render(small, tmp_path / "a") == render(small, tmp_path / "b")


def test_names_stay_text(study_of, tmp_path):
    study = replace(study_of(("digits",), n_test=200, on=EVIL), question=EVIL, name=EVIL)
    text = render(study, tmp_path)
    page = Page(text)
    assert "alert(1)" in page.words
    assert len(page.of("script")) == 1
    assert not [image for image in page.of("img") if "onerror" in image]
    assert not [tag for tag, attributes in page.tags if any(n.startswith("on") for n in attributes)]


def test_reasons_of_a_missing_dataset_stay_text_and_are_shown_twice(study_of, tmp_path):
    study = study_of(("digits",), n_test=200, unavailable=("mnist",))
    study.datasets["mnist"]["reasons"] = [f"mirror: {EVIL}"]
    page = Page(render(study, tmp_path))
    assert "MNIST is not part of this report" in page.words
    assert "MNIST could not be had" in page.words
    assert "KNOCKOUT_DATA_MIRROR" in page.words
    assert len(page.of("script")) == 1


def test_run_counts_are_shown(study_of, tmp_path):
    study = study_of(("digits",), n_test=200)
    study = replace(study, planned={"digits": 170})
    words = Page(render(study, tmp_path)).words
    assert re.search(r"digits 170 165 0 0 5", words)
    assert "165 of 170" in words


def test_a_study_without_runs_has_a_page(small, tmp_path):
    empty = replace(
        small,
        **dict.fromkeys(("runs", "history", "predictions", "tuning", "step_cost"), pd.DataFrame()),
    )
    words = Page(render(empty, tmp_path)).words
    assert "No run of this study has finished" in words
    assert "Everything: no run has finished." in words


def test_it_stays_small_enough_to_send(text):
    assert len(text.encode()) < 3_000_000
