"""The time-to-target table and the mark of shared cores."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pipeline.results.tables.times import time_table


def test_cells_and_both_sides_of_every_component_stand_in_one_table(small_tables) -> None:
    table = time_table(small_tables["cell_times"], small_tables["component_times"])

    cells, components = (table[table["scope"] == scope] for scope in ("cell", "component"))
    assert len(cells) == 33
    assert components["side"].tolist() == ["with", "without"] * 6
    pairs = components[["component", "level"]].to_numpy().tolist()
    assert pairs[::2] == pairs[1::2]
    with_it = components[components["side"] == "with"]
    assert with_it["difference_s"].notna().all()
    assert components.loc[components["side"] == "without", "difference_s"].isna().all()
    source = small_tables["component_times"]
    assert with_it["restricted_mean_s"].tolist() == source["restricted_mean_s_with"].tolist()
    without = components.loc[components["side"] == "without", "n_reached"].tolist()
    assert without == source["n_reached_without"].tolist()


def test_the_comparison_shows_the_cells_median(small_tables) -> None:
    table = time_table(small_tables["cell_times"], small_tables["component_times"])
    medians = table[table["scope"] == "cell"].set_index("cell")["median_s"]
    shown = small_tables["cells"].set_index("cell")["time_to_target_s"]

    pd.testing.assert_series_equal(shown.sort_index(), medians.sort_index(), check_names=False)


def test_nothing_computed_gives_an_empty_table(small_tables) -> None:
    times = time_table(small_tables["cell_times"], small_tables["component_times"])
    empty = time_table(
        small_tables["cell_times"].iloc[:0], small_tables["component_times"].iloc[:0]
    )
    assert empty.empty
    assert list(empty.columns) == list(times.columns)


def test_one_run_that_shared_marks_its_dataset(small) -> None:
    alone = replace(small, runs=small.runs.assign(shared_cores=False))
    one = small.runs["run_key"].eq(small.runs["run_key"].iloc[0])
    mixed = replace(small, runs=small.runs.assign(shared_cores=one))

    found = [results.shared_cores for results in (small, alone, mixed)]
    assert found == [{"digits": shared} for shared in (True, False, True)]


def test_every_table_with_wall_times_is_marked(small_tables) -> None:
    for name in ("cells", "with_without"):
        assert small_tables[name]["shared_cores"].all()
