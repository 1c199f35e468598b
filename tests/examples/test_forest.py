import pandas as pd

from tests.examples.project import answered, runs


def test_a_forest_is_grown_to_a_verdict(tmp_path) -> None:
    project = answered("forest", tmp_path, recipe={"trees": 5}, replicates=2)
    for dataset, n_cells in (("digits", 8), ("wine", 8)):
        table = runs(project, dataset)
        assert len(table) == 2 * (n_cells + 1)  # the placebo arm
        assert (table["status"] == "ok").all()
        grown = table.groupby("depth")["test_accuracy"].mean()
        assert grown["free"] > grown["shallow"] - 0.05
    # Nothing is tuned and nothing is logged: both tables are there, and empty.
    assert pd.read_parquet(project / "results/digits/tuning.parquet").empty
    assert pd.read_parquet(project / "results/digits/history.parquet").empty
    assert (project / "reports/index.html").exists()
