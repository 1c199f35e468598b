"""A cell in MLflow: means, verdict, mean curves and a note."""

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.cells import cell_comparison
from experiments.design.factors import Factor, Level
from pipeline.results.text.measure import measure_of
from pipeline.tracking.records.cell_record import cell_record
from tests.experiments.analysis.conftest import study_of


def points(record, key):
    return [point.value for point in record.metrics if point.key == key]


def record_of(pairs, row=(), response="test_accuracy"):
    return cell_record(pairs, dict(row), measure=measure_of(response), runs_id="5")


def factor(name, *labels):
    return Factor(name, tuple(Level(label, {}) for label in labels), labels[-1])


@pytest.fixture
def one_cell(make_pairs):
    return make_pairs(1, 3)


def test_means_are_over_the_finished_replicates(one_cell, make_pairs):
    diverged = make_pairs(1, 1, status="diverged")
    record = record_of([*one_cell, *diverged])
    accuracies = [result.metrics["test_accuracy"] for _, result in one_cell]
    assert points(record, "test/accuracy") == pytest.approx([np.mean(accuracies)], rel=1e-5)
    assert points(record, "runs/ok") == [3] and points(record, "runs/not_ok") == [1]
    curve = np.mean([result.history["val_accuracy"] for _, result in one_cell], axis=0)
    assert points(record, "val/accuracy") == pytest.approx(list(curve), rel=1e-5)


def test_curves_of_unequal_length_are_averaged_over_the_runs_that_are_there(make_pairs):
    (spec, long), (other, _) = make_pairs(1, 2)
    short = {name: values[:4] for name, values in long.history.items()}
    halved = type(long)(**{**vars(long), "history": short})
    record = record_of([(other, halved), (spec, long)])
    assert points(record, "train/loss") == pytest.approx(long.history["train_loss"], rel=1e-5)


def test_a_cell_of_which_nothing_trained_is_failed(make_pairs):
    record = record_of(make_pairs(1, 2, status="diverged"))
    assert record.status == "FAILED" and not points(record, "test/accuracy")


def test_the_comparison_table_gives_interval_difference_and_verdict(make_pairs):
    pairs = make_pairs(32, 3)
    runs = pd.DataFrame(
        {
            "run_key": spec.run_key,
            "dataset": spec.dataset,
            "cell": spec.cell,
            "arm": spec.arm,
            **spec.levels,
            "replicate": spec.replicate,
            "status": result.status,
            **result.metrics,
        }
        for spec, result in pairs
    )
    factors = [factor("optimizer", "sgd", "momentum", "rmsprop", "adam")]
    factors += [factor(name, "off", "on") for name in ("l2", "dropout", "augmentation")]
    table = cell_comparison(runs, study_of(factors, runs), rng=np.random.default_rng(0))
    rows = {row["cell"]: row for row in table.to_dict("records")}
    records = {
        cell: record_of([pair for pair in pairs if pair[0].cell == cell], rows[cell])
        for cell in dict.fromkeys(spec.cell for spec, _ in pairs)
    }
    assert len(records) == 32
    row = table.set_index("cell").loc["adam+dropout"]
    record = records["adam+dropout"]
    assert points(record, "diff/pp") == pytest.approx([row["difference_pp"]], abs=1e-4)
    low, high = points(record, "diff/low_pp") + points(record, "diff/high_pp")
    assert low < row["difference_pp"] < high
    assert points(record, "test/accuracy_low") < points(record, "test/accuracy")
    assert record.tags["verdict"] == row["verdict"]
    note = record.tags["mlflow.note.content"]
    assert f"pp against the baseline: **{row['verdict']}**" in note.splitlines()[0]
    assert record.name == "adam+drop"
    assert not points(records["sgd"], "diff/pp") and records["sgd"].name == "sgd (baseline)"
    assert all(point.key.count("/") == 1 for point in record.metrics)


def test_names_and_units_follow_the_response(one_cell):
    row = {"mean_accuracy": 0.5, "mean_ci_low": 0.4, "mean_ci_high": 0.6}
    record = record_of(one_cell, row, "val_accuracy")
    assert points(record, "best/val_accuracy") == [0.5]
    assert points(record, "best/val_accuracy_low") == [0.4]
    assert points(record, "test/accuracy") != [0.5]
    note = record.tags["mlflow.note.content"]
    assert note.startswith("50 ± 10 % validation accuracy.")
    loss = record_of(one_cell, row, "test_log_loss").tags["mlflow.note.content"]
    assert loss.startswith("0.50 ± 0.10 nats test log loss.")


def test_the_note_leads_to_the_cells_runs(one_cell):
    note = record_of(one_cell).tags["mlflow.note.content"]
    assert "[Its 3 runs](#/experiments/5/runs?workflowType=machine_learning" in note
