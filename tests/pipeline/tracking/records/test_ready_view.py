"""The ready views: what is sorted by, which columns are shown, which charts are chosen."""

import json

import pytest

from pipeline.results.text.measure import measure_of
from pipeline.tracking.records.names import view_link
from pipeline.tracking.records.ready_view import cells_view, runs_view
from pipeline.tracking.ui import view_links
from tests.pipeline.tracking.conftest import sync_pairs

FACTORS = ("optimizer", "l2")


def state_of(tags):
    return json.loads(tags["mlflow.sharedViewState.knockout"])


@pytest.mark.parametrize(
    ("response", "metric"),
    [("test_accuracy", "test/accuracy"), ("val_accuracy", "best/val_accuracy")],
)
def test_factors_and_the_response_are_columns_and_the_best_cell_stands_first(response, metric):
    state = state_of(cells_view("main", "digits", FACTORS, measure_of(response)))
    shown = {"params.`optimizer`", "params.`l2`", f"metrics.`{metric}`", "tags.`verdict`"}
    assert shown <= set(state["selectedColumns"])
    assert (state["orderByKey"], state["orderByAsc"]) == (f"metrics.`{metric}`", False)
    # A screen of 1280 pixels ends before the factors.
    assert state["selectedColumns"].index("tags.`verdict`") == 4
    assert set(state["columnWidths"]) == set(state["columnOrder"])
    axes = [
        card["selectedMetrics"] for card in state["compareRunCharts"] if "selectedMetrics" in card
    ]
    assert axes == [[metric]]


def test_replicates_stand_block_by_block_so_that_no_lucky_seed_leads():
    state = state_of(runs_view("main", "digits", FACTORS, measure_of("val_accuracy")))
    assert (state["orderByKey"], state["orderByAsc"]) == ("tags.`mlflow.runName`", True)
    columns = state["selectedColumns"]
    assert columns[:3] == ["params.`cell`", "params.`replicate`", "metrics.`best/val_accuracy`"]
    assert len(set(columns)) == len(columns)


def test_the_server_sorts_by_what_a_view_is_ordered_by(connection, make_pairs):
    sync_pairs(connection, make_pairs(2, 12))
    found = connection.client.get_experiment_by_name("knockout/main/digits/runs")
    state = state_of(found.tags)
    runs = connection.client.search_runs(
        [found.experiment_id], order_by=[f"{state['orderByKey']} ASC"], max_results=2
    )
    assert [run.data.params["replicate"] for run in runs] == ["0", "0"]
    assert len({run.data.params["cell"] for run in runs}) == 2


def test_each_chart_stands_in_a_section_that_exists_under_a_name_of_its_own():
    state = state_of(cells_view("main", "digits", FACTORS, measure_of("test_accuracy")))
    cards, sections = state["compareRunCharts"], state["compareRunSections"]
    assert {card["metricSectionId"] for card in cards} <= {s["uuid"] for s in sections}
    assert len({card["uuid"] for card in cards}) == len(cards)
    assert [s["name"] for s in sections if s["display"]] == ["Result", "Learning curves"]


def test_links_name_each_experiment_with_table_and_charts(connection, make_pairs):
    sync_pairs(connection, make_pairs(1, 1))
    lines = list(view_links(connection, "main", "http://h:1"))
    assert [lines[0], lines[3]] == ["knockout/main/digits", "knockout/main/digits/runs"]
    found = connection.client.get_experiment_by_name("knockout/main/digits")
    assert lines[2].endswith(view_link("http://h:1", found.experiment_id, compareRunsMode="CHART"))
    assert "mlflow.sharedViewState.knockout" in found.tags
