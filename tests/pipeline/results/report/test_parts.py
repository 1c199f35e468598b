"""The pieces of the page: drawn intervals, headline, method box, views of tables."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.results.report.glyph import WIDTH, glyphs
from pipeline.results.report.method import method
from pipeline.results.report.summary import environment_rows, headline
from pipeline.results.report.table_view import comparison_view, findings_view, with_without_views

NAN = np.nan


def test_intervals_of_a_table_share_one_strip():
    first, second, none = glyphs(np.array([[0.4, 0.3, 0.5], [-0.2, NAN, NAN], [NAN] * 3]), 0.1)
    assert none is None
    assert first.zero == second.zero
    assert 0 < second.value < second.zero < first.low < first.value < first.high < WIDTH
    assert second.low == second.high == second.value
    assert first.margin_low < first.zero < first.margin_high
    # Distances are in proportion: 0.2 pp is twice the margin.
    assert second.zero - second.value == pytest.approx(2 * (first.zero - first.margin_low), abs=0.2)


def boxes(study, tables):
    return dict(method(study, tables))


def test_the_method_box_says_what_limits_the_claim(study, tables):
    box = boxes(study, tables)
    assert "Design: full" in box["Design"][0]
    assert "12 quasirandom trials over 4 powers of ten" in box["What was tuned"][0]
    assert "hidden 256-128" in box["What was held fixed, and so limits the claim"][0]
    assert any("5 replicates per cell" in s for s in box["Replicates and intervals"])
    assert any("MNIST" in s for s in box["What this study could have seen"])
    assert "placebo" in box["Placebo"][0]
    assert any("±0.1 pp" in s for s in box["Verdicts"])


def test_a_partial_design_and_a_single_replicate_are_admitted(study_of):
    from pipeline.results.tables.analyse import analyse

    study = study_of(("digits",), design="add_one_in", replicates=1, n_test=200, tuning=False)
    box = boxes(study, analyse(study))
    assert "not the full factorial" in box["Design"][0]
    assert "No tuning ledger" in box["What was tuned"][0]
    assert any("neither interval nor test" in s for s in box["Replicates and intervals"])
    assert box["What this study could have seen"] == ["digits: too few replicates to say."]


def test_the_headline_counts(study, tables):
    facts = dict(headline(study, tables)["facts"])
    assert facts["runs finished"] == "495 of 495"
    assert facts["cells"] == "32 per dataset"
    assert facts["datasets"] == "MNIST, Fashion-MNIST, digits"


def test_the_environment_is_said_in_words_and_nothing_is_dropped(study):
    rows = environment_rows(replace(study, environment={"gpu": "none", "numpy": "2.4.6"}))
    assert rows == [("NumPy", "2.4.6"), ("gpu", "none")]


def test_a_view_sorts_by_number_and_shows_text(study, tables):
    view = with_without_views(study, tables)[0]
    names = [name for name, _ in view.columns]
    assert names[:3] == ["component", "verdict", "difference (pp)"]
    for row in view.rows:
        cell = row[names.index("difference (pp)")]
        assert cell.kind == "number"
        assert cell.glyph is not None
        assert abs(float(cell.key)) < 5
    wide = comparison_view(study, tables)
    baseline = next(row for row in wide.rows if "(baseline)" in row[0].text)
    difference = [name for name, _ in wide.columns].index("difference (pp)")
    assert baseline[difference].key == ""


def test_columns_that_nothing_is_known_of_are_left_out(study_of):
    from pipeline.results.tables.analyse import analyse

    study = study_of(("digits",), n_test=200, step_cost=False)
    tables = analyse(study)
    views = [*with_without_views(study, tables), comparison_view(study, tables)]
    assert all("cost per step" not in [name for name, _ in view.columns] for view in views)


def test_findings_are_grouped_by_dataset(study, tables):
    groups = findings_view(study, tables)
    assert [group["dataset"] for group in groups] == ["MNIST", "Fashion-MNIST", "digits"]
    assert all(len(group["sentences"]) == 6 for group in groups)
    assert findings_view(study, {**tables, "effects": pd.DataFrame()}) == []
