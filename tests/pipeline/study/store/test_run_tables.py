"""Run tables: what a run was beside is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from data_loaders.load import load
from experiments.design.study import parse_study
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.executors.executor import executor_for
from pipeline.study.project import Project
from pipeline.study.running.train_missing import Training
from pipeline.study.settings import parse_settings
from pipeline.study.store.run_tables import runs_table
from tests.plans import planned


@pytest.mark.parametrize(("executor", "shared"), [("in-process", False), ("processes", True)])
def test_runs_say_whether_they_shared_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, executor: str, shared: bool
) -> None:
    monkeypatch.setenv("KNOCKOUT_WORKERS", "2")
    study = parse_study(
        {
            "datasets": ["digits"],
            "replicates": 1,
            "factors": {"dropout": [0, 0.2]},
            "recipe": {"hidden": [8], "epochs": 1, "learning_rate": 0.1},
            "tune": {"per": []},
        }
    )
    card = DatasetCard("digits", True, True, load("digits").content_hash)
    specs = planned(study, {}, content=card.content_hash)
    project = Project(tmp_path, study, parse_settings({"run": {"executor": executor}}))

    with executor_for(project.settings.run) as execute:
        training = Training(project, card, execute)
        training.train_missing(specs, "train")

    table = runs_table([(spec, training.results[spec.run_key]) for spec in specs], study)
    assert table["shared_cores"].tolist() == [shared] * 3
    silent = replace(training.results[specs[0].run_key], environment={})
    assert runs_table([(specs[0], silent)], study)["shared_cores"].tolist() == [True]
    stored = project.store.get(specs[0].run_key)
    assert stored is not None
    assert stored.environment["workers"] == ("2" if shared else "1")
    assert pd.api.types.is_bool_dtype(table["shared_cores"])
