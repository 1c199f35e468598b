import numpy as np
from sklearn.svm import SVC

from data_loaders.load import load
from experiments.run.execute import execute, task_of
from experiments.run.run_spec import RunSpec
from pipeline.study.project import open_project
from tests.command_line import ROOT


def test_the_svc_of_a_study_is_scikit_learn_s_on_the_networks_own_split() -> None:
    study, digits = open_project(ROOT, "published_digits").study, load("digits")

    def run(model: str) -> RunSpec:
        recipe = study.recipe("digits", {"model": model}).with_fields({"epochs": 1})
        return RunSpec("s", "digits", model, "cell", {}, recipe, 0, 1, digits.content_hash, "")

    svc, network = execute(run("svc"), digits), execute(run("plain"), digits)
    np.testing.assert_array_equal(svc.test_index, network.test_index)
    task = task_of(run("plain"), digits)
    rows = digits.x[svc.test_index].reshape(-1, 64)
    # Its kernel's width follows the pixels' spread: raw pixels give the same classes.
    raw = np.array([digits.x[i].ravel() for i in range(len(digits.x)) if i not in svc.test_index])
    expected = SVC(C=10).fit(raw, np.delete(digits.y, svc.test_index)).predict(rows)
    assert len(task.x) == len(raw)
    assert (svc.predictions != expected).sum() <= 1
    assert svc.metrics["test_accuracy"] > 0.97
