"""Plan and status: what there is, and a reason for every run that is not."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from experiments.source import digest as source
from pipeline.stages import data_stage
from pipeline.study.executors.task import failed
from pipeline.study.planning.status import _ranges, plan_lines, status_lines
from pipeline.study.plans import foreseen, planned, tuning_specs
from pipeline.study.project import Project, open_project
from pipeline.study.store.sources import remember_sources
from pipeline.study.store.table_file import write_table

PARAMS = """
study:
  datasets: [digits]
  replicates: 3
  factors: {optimizer: [sgd, momentum, adam], l2: {off: 0, on: 0.001}, dropout: {off: 0, on: 0.2}}
  recipe: {hidden: [8], epochs: 1}
  tune: {trials: 1}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project that is tuned, nothing else."""
    monkeypatch.delenv("KNOCKOUT_STORE", raising=False)
    own = written(tmp_path, PARAMS)
    data_stage.run(own, "digits")
    rates = pd.DataFrame({"arm": ["sgd", "momentum", "adam"], "learning_rate": [0.1, 0.01, 0.001]})
    write_table(own.results("digits") / "tuning.parquet", rates.assign(chosen=True))
    return own


def written(root: Path, params: str) -> Project:
    (root / "params.yaml").write_text(params)
    return open_project(root)


def store_all(project: Project) -> None:
    card = data_stage.run(project, "digits")
    specs = [*tuning_specs(project, card), *planned(project, "digits")]
    for spec in specs:
        project.store.put(replace(failed(spec, ""), status="ok"))
    remember_sources(project.store.root, specs)


def test_status_names_every_cell_that_is_missing(project: Project) -> None:
    store_all(project)
    assert list(status_lines(project)) == [
        "digits: tuning 3 runs, 3 stored, 0 to train",
        "digits: evaluation 39 runs, 39 stored, 0 to train",
    ]
    for spec in planned(project, "digits"):
        if spec.cell in ("adam", "adam+l2") and spec.replicate != 1:
            project.store.path(spec.run_key).unlink()
    assert list(status_lines(project))[1:] == [
        "digits: evaluation 39 runs, 35 stored, 4 to train (4 never run)",
        "  never run: replicate 0, 2 of adam, adam+l2",
    ]


def test_an_edit_of_adam_is_the_reason_of_all_its_runs(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_all(project)
    real = source._module_digest
    monkeypatch.setattr(
        source,
        "_module_digest",
        lambda module: "f" * 64 if module == "nn.optimizers.adam" else real(module),
    )
    assert list(status_lines(project)) == [
        "digits: tuning 3 runs, 2 stored, 1 to train (1 stale)",
        "  source changed: nn.optimizers.adam: replicate 0 of adam",
        "digits: evaluation 39 runs, 27 stored, 12 to train (12 stale)",
        "  source changed: nn.optimizers.adam: replicate 0-2 of adam, adam+dropout, adam+l2, "
        "adam+l2+dropout",
    ]


def test_a_level_that_is_new_since_the_tuning_waits_for_it(project: Project) -> None:
    store_all(project)
    changed = written(project.root, PARAMS.replace("adam]", "adam, lion]"))
    lines = list(status_lines(changed))
    assert "digits: evaluation 51 runs, 39 stored, 12 to train (12 after tuning)" in lines
    assert lines[-1].startswith("  its learning rate is not tuned yet: replicate 0-2 of lion, ")
    assert any("51 runs, 39 stored" in line for line in plan_lines(changed, calibrated=False))
    rates = {
        s.cell: s.recipe.learning_rate for s in foreseen(changed, data_stage.run(changed, "digits"))
    }
    assert (rates["adam"], rates["lion"]) == (0.001, None)


def test_what_needs_no_tuning_is_known_before_it(project: Project) -> None:
    (project.results("digits") / "tuning.parquet").unlink()
    assert any("39 to train (39 after tuning)" in line for line in status_lines(project))
    text = PARAMS.replace("epochs: 1", "epochs: 1, learning_rate: 0.1")
    fixed = written(project.root, text.replace("trials: 1", "per: []"))
    assert any("39 to train (39 never run)" in line for line in status_lines(fixed))


def test_ranges() -> None:
    assert _ranges([0, 1, 2, 5, 7, 8]) == "0-2, 5, 7-8"
    assert _ranges([3]) == "3"
