from pathlib import Path

from tests.command_line import knockout, stored_runs
from tests.examples.project import lay_out


def test_networks_predict_numbers_better_than_their_mean_does(tmp_path: Path) -> None:
    project = lay_out(
        "regression", tmp_path, recipe={"epochs": 10}, replicates=2, tune={"trials": 2}
    )
    assert "params.yaml is valid" in knockout(project, "check")
    for stage in ("data", "tune", "train"):
        knockout(project, "stage", stage, "diabetes")
    results = stored_runs(project)
    evaluated = [result for result in results if len(result.labels)]
    assert {result.status for result in results} == {"ok"}
    assert len(evaluated) == 10  # 5 arms, the placebo among them, in 2 replicates
    for result in evaluated:
        error = ((result.labels - result.outputs) ** 2).mean()
        assert error < 0.8 * result.labels.var()
