"""`dvc exp`: an experiment trains what is new, wherever DVC runs it."""

import json
import time

import pytest

pytestmark = pytest.mark.slow


def shown(clone):
    """Return each experiment's replicates and number of finished runs."""
    text = clone.dvc("exp", "show", "--json")
    found = {}
    for base in json.loads(text):
        for experiment in base["experiments"] or ():
            for revision in experiment["revs"]:
                data = revision["data"]
                study = data["params"]["params.yaml"]["data"]["study"]
                metrics = data["metrics"]["results/metrics.json"]["data"]
                found[study["replicates"]] = metrics["digits"]["runs_ok"]
    return found


def test_an_experiment_trains_only_its_new_replicates(clone):
    before = clone.runs()
    clone.dvc("exp", "run", "-n", "five", "-S", "study.replicates=5")
    # Baseline, adam, dropout and the placebo, three times more.
    assert len(clone.runs() - before) == 4 * 3
    assert shown(clone)[5] == 20
    found = json.loads(clone.dvc("exp", "diff", "main", "five", "--json"))
    assert found["params"]["params.yaml"]["study.replicates"] == {"old": 2, "new": 5, "diff": 3}
    assert found["metrics"]["results/metrics.json"]["digits.runs_ok"]["diff"] == 12


def test_a_queued_experiment_uses_the_store_of_the_project(clone):
    before = clone.runs()
    clone.dvc("exp", "run", "--queue", "-S", "study.replicates=3")
    clone.dvc("exp", "run", "--run-all")
    assert shown(clone)[3] == 12
    assert len(clone.runs() - before) == 4
    assert clone.git("status", "--short", "params.yaml") == ""


def test_the_queue_works_in_the_background(clone):
    clone.dvc("exp", "run", "--queue", "-n", "four", "-S", "study.replicates=4")
    clone.dvc("queue", "start")
    try:
        deadline = time.monotonic() + 240
        while shown(clone).get(4) != 16:
            said = clone.dvc("queue", "status")
            assert "Failed" not in said, clone.dvc("queue", "logs", "four")
            assert time.monotonic() < deadline, said
            time.sleep(2)
    finally:
        clone.dvc("queue", "stop")


def test_an_applied_experiment_is_the_workspace_and_trains_nothing(clone):
    clone.run("knockout", "sync")  # whatever another test's experiment has left in MLflow
    # A number of its own: DVC's run cache gives back the tables of one that ran before, and the
    # store, from which tests take what they added, would lack its runs.
    clone.dvc("exp", "run", "--queue", "-n", "six", "-S", "study.replicates=6")
    clone.dvc("exp", "run", "--run-all")
    trained = clone.runs()
    clone.dvc("exp", "apply", "six")
    assert "replicates: 6" in clone.text("params.yaml")
    assert json.loads(clone.text("results/metrics.json"))["digits"]["runs_ok"] == 24
    # It ran in a copy: MLflow hears of its runs now.
    # Sixteen new runs, and four cells with new means.
    assert "digits: 16 created, 8 present, 4 replaced" in clone.run("knockout", "sync")
    clone.dvc("repro")
    assert clone.runs() == trained


def test_an_experiment_becomes_a_branch_with_its_results(clone):
    clone.dvc("exp", "run", "-n", "more", "-S", "study.replicates=3")
    clone.git("reset", "-q", "--hard", "main")
    clone.dvc("exp", "branch", "more", "kept")
    try:
        clone.git("checkout", "-q", "kept")
        clone.dvc("checkout")
        assert "replicates: 3" in clone.text("params.yaml")
        assert json.loads(clone.text("results/metrics.json"))["digits"]["runs_ok"] == 12
        assert "report" not in clone.dvc("status", "dvc.yaml")
    finally:
        clone.git("checkout", "-qf", "main")
        clone.git("branch", "-qD", "kept")
