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
    first = clone.runs() - before
    assert len(first) <= 4 * 3
    clone.dvc("exp", "run", "-n", "six", "-S", "study.replicates=6")
    assert len(clone.runs() - before - first) == 4
    assert {5: 20, 6: 24}.items() <= shown(clone).items()
    found = json.loads(clone.dvc("exp", "diff", "five", "six", "--json"))
    assert found["params"]["params.yaml"]["study.replicates"] == {"old": 5, "new": 6, "diff": 1}
    assert found["metrics"]["results/metrics.json"]["digits.runs_ok"]["diff"] == 4


def test_queued_experiments_share_the_store_of_the_project(clone):
    before = clone.runs()
    for count in (7, 8):
        clone.dvc("exp", "run", "--queue", "-S", f"study.replicates={count}")
    clone.dvc("exp", "run", "--run-all")
    assert {7: 28, 8: 32}.items() <= shown(clone).items()
    # Each run was trained once: eight replicates of four arms, and the four trials.
    assert len(clone.runs() - before) == 8 * 4 + 4 - len(before)
    assert clone.git("status", "--short", "params.yaml") == ""


def test_the_queue_works_in_the_background(clone):
    clone.dvc("exp", "run", "--queue", "-n", "nine", "-S", "study.replicates=9")
    clone.dvc("queue", "start")
    try:
        deadline = time.monotonic() + 120
        while shown(clone).get(9) != 36:
            said = clone.dvc("queue", "status")
            assert "Failed" not in said, clone.dvc("queue", "logs", "nine")
            assert time.monotonic() < deadline, said
            time.sleep(2)
    finally:
        clone.dvc("queue", "stop")
