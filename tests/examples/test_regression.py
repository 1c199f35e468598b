import json
from pathlib import Path

import pytest

from tests.command_line import stored_runs
from tests.examples.project import answered


@pytest.mark.slow
def test_numbers_lead_to_verdicts_in_the_targets_unit(tmp_path: Path) -> None:
    project = answered(
        "regression", tmp_path, recipe={"epochs": 10}, replicates=3, tune={"trials": 2}
    )
    evaluated = [result for result in stored_runs(project) if len(result.labels)]
    assert len(evaluated) == 15  # 5 arms, the placebo among them, in 3 replicates
    for result in evaluated:
        error = ((result.labels - result.outputs) ** 2).mean()
        assert error < 0.8 * result.labels.var()
    verdicts = json.loads((project / "results/verdicts.json").read_text(encoding="utf-8"))
    assert verdicts["response_title"] == "test RMSE"
    words = {row["verdict"] for row in verdicts["components"]}
    assert words <= {"helps", "hurts", "equivalent", "depends", "inconclusive"}
    # An error of a network lies below the deviation of the target, 77, and above 40.
    metrics = json.loads((project / "results/metrics.json").read_text(encoding="utf-8"))
    assert 40 < metrics["diabetes"]["best_test_rmse"] < 70
    assert 0.2 < metrics["diabetes"]["best_test_r2"] < 0.7
    why = project / "results/diabetes/champion/no-champion.txt"
    assert "numbers are predicted" in why.read_text(encoding="utf-8")
