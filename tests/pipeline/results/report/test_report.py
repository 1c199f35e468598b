"""The page: complete, self-contained, escaped, the same each time."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from pipeline.results.answer import dataset_answer
from pipeline.results.figures.gallery import TRACES
from pipeline.results.findings import verdicts
from pipeline.results.report.report import write_report
from pipeline.results.sureness import sureness
from pipeline.results.tables.analyse import analyse
from pipeline.study.dataset_card import DatasetCard
from tests.pipeline.conftest import EVIL, without


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
        return " ".join("".join(self.text).replace("\u00a0", " ").split())

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def render(study, folder, figures=(), tables=None):
    tables = analyse(study) if tables is None else tables
    found = verdicts(study, tables)
    return write_report(study, tables, found, figures, folder).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def text(small, small_tables, drawn, tmp_path_factory):
    """The report of the small study, figures and all."""
    return render(small, tmp_path_factory.mktemp("report"), drawn, small_tables)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


@pytest.fixture(scope="module")
def three(study, tables, tmp_path_factory):
    """The report of three datasets, without figures."""
    return Page(render(study, tmp_path_factory.mktemp("three"), (), tables))


def test_the_answer_is_there_word_for_word_for_every_dataset(three, study, tables):
    for name in study.measured:
        for sentence in dataset_answer(study, tables, name):
            assert sentence in three.words
    for sentence in sureness(study, tables):
        assert sentence in three.words


def test_every_component_has_a_square_that_leads_to_its_sentence_and_runs(three, study, tables):
    squares = [tag for tag in three.of("a") if tag.get("class", "").startswith("square")]
    assert len(squares) == len(tables["effects"]) == 18
    assert {square["class"].split()[1] for square in squares} == set(tables["effects"]["verdict"])
    targets = {tag["id"] for tag in three.of("li") if "id" in tag}
    assert {square["href"][1:] for square in squares} == targets
    for key in study.runs.loc[study.runs["arm"] == "cell", "run_key"]:
        assert key in three.words


def test_each_dataset_has_its_tab_and_panel(three, study):
    tabs = [tag for tag in three.of("button") if tag.get("role") == "tab"]
    panels = [tag["id"] for tag in three.of("div") if tag.get("role") == "tabpanel"]
    assert [tab["aria-controls"] for tab in tabs] == panels
    assert panels == [f"panel-{name}" for name in study.measured]


def test_one_dataset_needs_no_tabs(page):
    assert not [tag for tag in page.of("button") if tag.get("role") == "tab"]


def test_it_asks_for_nothing_from_outside(text, page):
    policy = [tag for tag in page.of("meta") if tag.get("http-equiv")]
    assert policy[0]["content"].startswith("default-src 'none'")
    for tag, attributes in page.tags:
        for name in ("src", "srcset", "action", "data", "poster"):
            assert attributes.get(name, "data:").startswith("data:"), (tag, name)
    links = {attributes["href"] for _, attributes in page.tags if "href" in attributes}
    assert all(link.startswith(("#", "data:")) for link in links)
    style_and_script = "".join(re.findall(r"<(?:style|script)>(.*?)</", text, re.DOTALL))
    assert "url(" not in style_and_script
    assert "@import" not in style_and_script
    assert not re.search(r"fetch|XMLHttp|import\(|https?:", style_and_script)


def test_every_link_inside_the_page_has_its_place(page):
    named = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(named) == len(set(named))
    inside = {tag["href"][1:] for tag in page.of("a") if tag["href"].startswith("#")}
    drawn = {tag["href"][1:] for tag in page.of("use")}
    assert inside | drawn <= set(named)


def test_every_drawing_says_what_it_shows(page, drawn):
    drawings = [tag for tag in page.of("div") if tag.get("role") == "img"]
    assert len(drawings) == len(drawn) == len(page.of("figure"))
    for tag, figure in zip(drawings, drawn, strict=True):
        assert tag["aria-label"] == f"{figure.heading}. {figure.caption}"
    # Its text is text, and every cell has a name under the pointer.
    assert len(page.of("text")) > 200
    assert len(page.of("title")) > 60


def test_a_table_is_there_as_csv_and_latex(page, small_tables):
    files = {tag["download"]: tag["href"] for tag in page.of("a") if "download" in tag}
    assert len(files) == 2 * len([t for t in page.of("table") if t.get("class") == "sortable"])
    content = base64.b64decode(files["digits-cells.csv"].partition(",")[2]).decode()
    assert len(content.splitlines()) == 1 + len(small_tables["cells"])
    latex = base64.b64decode(files["digits-sides.tex"].partition(",")[2]).decode()
    assert latex.count(r"\begin{longtable}") == latex.count(r"\end{longtable}") == 1


def test_tables_have_heads_that_buttons_sort(page):
    regions = [tag for tag in page.of("div") if tag.get("class", "").startswith("scroll")]
    assert all(tag["tabindex"] == "0" and tag["role"] == "region" for tag in regions)
    assert len(regions) == len(page.of("table"))


def test_terms_are_explained_where_they_are_read(page):
    explained = {tag["title"].split(":")[0].split(" ")[0] for tag in page.of("abbr")}
    assert len(explained) >= 10
    for term in ("Holm", "d_z", "Shapley", "A/A", "margin"):
        assert term in page.words


def test_the_same_results_give_the_same_bytes(small, small_tables, drawn, text, tmp_path):
    assert render(small, tmp_path, drawn, small_tables) == text


def test_names_stay_text(evil, evil_tables, evil_drawn, tmp_path):
    asked = evil.study.model_copy(update={"question": EVIL, "note": EVIL})
    page = Page(render(replace(evil, study=asked), tmp_path, evil_drawn, evil_tables))
    assert page.words.count("onerror=window.hit=1") > 10
    assert len(page.of("script")) == 1
    assert page.of("img") == []
    assert not [tag for tag, attributes in page.tags if any(n.startswith("on") for n in attributes)]


def test_a_note_stands_under_the_answer(small, small_tables, tmp_path):
    noted = small.study.model_copy(update={"note": "Trained on a Tuesday."})
    words = Page(render(replace(small, study=noted), tmp_path, (), small_tables)).words
    assert (
        words.index("The answer")
        < words.index("Trained on a Tuesday.")
        < words.index("How to read this")
    )


def test_reasons_of_a_missing_dataset_stay_text_and_are_shown_twice(small, small_tables, tmp_path):
    remedy = "Set KNOCKOUT_DATA_MIRROR."
    card = DatasetCard("mnist", True, False, reasons=(f"mirror: {EVIL}",), remedy=remedy)
    lacking = replace(small, cards={**small.cards, "mnist": card})
    page = Page(render(lacking, tmp_path, (), small_tables))
    assert "MNIST is not part of this report" in page.words
    assert "MNIST is unavailable" in page.words
    assert "KNOCKOUT_DATA_MIRROR" in page.words
    assert len(page.of("script")) == 1


def test_run_counts_are_shown(small, small_tables, tmp_path):
    counts = small_tables["counts"].assign(planned=170, missing=5)
    words = Page(render(small, tmp_path, (), {**small_tables, "counts": counts})).words
    assert re.search(r"digits ?170 ?165 ?0 ?0 ?5", words)
    assert "165 of 170" in words
    assert "Some planned runs have no result: 5 missing." in words


def test_a_study_without_runs_has_a_page(small, tmp_path):
    empty = without(small, "runs", "history", "predictions", "tuning", "step_cost")
    words = Page(render(empty, tmp_path)).words
    assert "No run of this study has finished" in words
    assert "Everything: no run has finished." in words


def test_the_files_that_it_names_exist(page, drawn):
    assert TRACES in page.words
    assert (drawn[0].svg.parent.parent / TRACES).exists()


def test_it_stays_small_enough_to_send(text):
    # A third of the page that three datasets make.
    assert len(text.encode()) < 650_000
