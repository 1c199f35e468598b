import pytest

from tests.examples.project import answered, runs


@pytest.mark.slow
def test_two_classes_of_a_table_lead_to_a_verdict(tmp_path) -> None:
    project = answered("binary", tmp_path, recipe={"epochs": 5}, replicates=2, tune={"trials": 2})
    table = runs(project, "breast_cancer")
    assert (table["status"] == "ok").all()
    assert table["test_accuracy"].min() > 0.8
    shown = (project / "results/with_without.md").read_text(encoding="utf-8")
    assert "batch norm" in shown and "balanced accuracy without" in shown
    assert "test expected calibration error" in shown
