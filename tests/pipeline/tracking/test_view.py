"""The ready view: sorted by test accuracy, factors and accuracy as columns, charts chosen."""

import json

from pipeline.tracking.server import view_links
from pipeline.tracking.study_sync import sync
from pipeline.tracking.view import cells_view, chart_link, runs_view

FACTORS = ("optimizer", "l2")


def state_of(tags):
    return json.loads(tags["mlflow.sharedViewState.knockout"])


def test_factors_and_accuracy_are_columns_and_the_best_run_stands_first():
    for view in (cells_view, runs_view):
        state = state_of(view("main", "digits", FACTORS))
        assert {"params.`optimizer`", "params.`l2`", "metrics.`test/accuracy`"} <= set(
            state["selectedColumns"]
        )
        assert (state["orderByKey"], state["orderByAsc"]) == ("metrics.`test/accuracy`", False)
        assert set(state["columnWidths"]) == set(state["columnOrder"])


def test_each_chart_stands_in_a_section_that_exists_under_a_name_of_its_own():
    state = state_of(cells_view("main", "digits", FACTORS))
    cards, sections = state["compareRunCharts"], state["compareRunSections"]
    assert {card["metricSectionId"] for card in cards} <= {s["uuid"] for s in sections}
    assert len({card["uuid"] for card in cards}) == len(cards)
    assert [s["name"] for s in sections if s["display"]] == ["Result", "Learning curves"]


def test_links_name_each_experiment_with_table_and_charts(connection, make_pairs):
    sync(connection, "main", make_pairs(1, 1))
    lines = list(view_links(connection, "main", "http://h:1"))
    assert [lines[0], lines[3]] == ["knockout/main/digits", "knockout/main/digits/runs"]
    found = connection.client.get_experiment_by_name("knockout/main/digits")
    assert lines[2].endswith(chart_link("http://h:1", found.experiment_id))
    assert "mlflow.sharedViewState.knockout" in found.tags
