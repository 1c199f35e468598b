"""Plan and status: what there is, and a reason for every run that is not."""

from dataclasses import replace
from itertools import chain
from pathlib import Path

import pandas as pd
import pytest

from experiments.design import run_source
from experiments.source import digest as source
from pipeline.commands.check import study_lines
from pipeline.stages import data_stage
from pipeline.study.executors.task import failed
from pipeline.study.planning.staleness import remember_sources
from pipeline.study.planning.status import _ranges, plan_lines, status_lines
from pipeline.study.plans import foreseen, planned_stages
from pipeline.study.project import Project, open_project
from pipeline.study.store.table_file import read_table, write_table

PARAMS = """
study:
  datasets: [digits]
  replicates: 3
  factors: {optimizer: [sgd, momentum, adam], l2: {off: 0, on: 0.001}, dropout: {off: 0, on: 0.2}}
  recipe: {hidden: [8], epochs: 1}
  tune: {trials: 1}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project that is tuned, nothing else."""
    own = written(tmp_path, PARAMS)
    data_stage.run(own, "digits")
    rates = {"sgd": 0.1, "momentum": 0.01, "adam": 0.001, "placebo": 0.1}
    chosen = [(*pair, block) for pair in rates.items() for block in range(3)]
    ledger = pd.DataFrame(chosen, columns=["arm", "learning_rate", "replicate"])
    write_table(own.results("digits") / "tuning.parquet", ledger.assign(chosen=True))
    return own


def written(root: Path, params: str) -> Project:
    (root / "params.yaml").write_text(params)
    return open_project(root)


def store_all(project: Project) -> None:
    card = data_stage.run(project, "digits")
    specs = list(chain.from_iterable(planned_stages(project, card).values()))
    for spec in specs:
        project.store.put(replace(failed(spec, ""), status="ok"))
    remember_sources(project.store.root, specs)


def test_status_names_every_cell_that_is_missing(project: Project) -> None:
    store_all(project)
    assert list(status_lines(project)) == [
        "digits: tuning 12 runs, 12 stored, 0 to train",
        "digits: evaluation 39 runs, 39 stored, 0 to train",
    ]
    for spec in foreseen(project, data_stage.run(project, "digits")):
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
    monkeypatch.setattr(run_source, "_digest", source.source_digest)
    monkeypatch.setattr(
        source,
        "_module_digest",
        lambda module: "f" * 64 if module == "nn.optimizers.adam" else real(module),
    )
    assert list(status_lines(project)) == [
        "digits: tuning 12 runs, 9 stored, 3 to train (3 stale)",
        "  source changed: nn.optimizers.adam: replicate 0-2 of adam",
        "digits: evaluation 39 runs, 27 stored, 12 to train (12 stale)",
        "  source changed: nn.optimizers.adam: replicate 0-2 of adam, adam+dropout, adam+l2, "
        "adam+l2+dropout",
    ]


def test_a_level_that_is_new_since_the_tuning_waits_for_it(project: Project) -> None:
    store_all(project)
    changed = written(project.root, PARAMS.replace("adam]", "adam, lion]"))
    lines = list(status_lines(changed))
    assert "digits: evaluation 51 runs, 39 stored, 12 to train (12 after tuning)" in lines
    assert lines[-1].startswith("  its arm is not tuned yet: replicate 0-2 of lion, ")
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


def test_a_block_that_is_not_tuned_yet_waits_alone(project: Project) -> None:
    path = project.results("digits") / "tuning.parquet"
    ledger = read_table(path)
    later = (ledger["arm"] == "adam") & (ledger["replicate"] == 2)
    write_table(path, ledger[~later])
    assert "  its arm is not tuned yet: replicate 2 of adam, adam+dropout, adam+l2, " in "\n".join(
        status_lines(project)
    )


NARROW = PARAMS.replace("trials: 1", "trials: 1, per: []")


def test_a_factor_that_should_be_tuned_apart_and_is_not_is_warned_of(tmp_path: Path) -> None:
    warning = (
        "warning: optimizer moves the best learning rate and is not tuned separately: its effect "
        "would be that of one level's value. Add it to study.tune.per, or leave tune.per out."
    )
    for text, said in ((NARROW, [warning]), (PARAMS, [])):
        own = written(tmp_path, text)
        for lines in (plan_lines(own, calibrated=False), study_lines(own)):
            assert [line for line in lines if line.startswith("warning: ")] == said
    # Where nothing is tuned, nothing is tuned separately.
    fixed = written(tmp_path, NARROW.replace("epochs: 1", "epochs: 1, learning_rate: 0.1"))
    assert not [line for line in study_lines(fixed) if line.startswith("warning: ")]


def test_plan_says_what_is_tuned_in_each_block(tmp_path: Path) -> None:
    text = PARAMS.replace("on: 0.001", "on: {log: [1.0e-6, 1.0e-2]}")
    text = text.replace("trials: 1", "trials: 4, length: 0.5")
    lines = list(plan_lines(written(tmp_path, text), calibrated=False))
    # Three optimizers, each with l2 off and on, and the placebo.
    assert (
        "tuned in each block: learning_rate, l2; 4 trials of 0.5 of a run's epochs for each of 7 "
        "arms"
    ) in lines


def test_ranges() -> None:
    assert _ranges([0, 1, 2, 5, 7, 8]) == "0-2, 5, 7-8"
    assert _ranges([3]) == "3"
