"""A small made-up study, and a tracking store that is there at once."""

import shutil
import socket
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.run.outputs import compact
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.tracking.store.connection import Connection, connect
from pipeline.tracking.synced_study import SyncReport, sync


def sync_pairs(connection: Connection, pairs, rows=None, **options) -> SyncReport:
    """Sync made-up runs as if a store held them."""
    results = {spec.run_key: result for spec, result in pairs}
    specs = [spec for spec, _ in pairs]
    with connection.writing():
        return sync(connection, specs, lambda spec: results[spec.run_key], rows, **options)


def runs_in(connection, name):
    """Return the live runs of an experiment, as a reader gets them."""
    found = connection.client.get_experiment_by_name(name)
    return list(connection.client.search_runs([found.experiment_id]))


def await_runs(tracking, number):
    deadline = time.monotonic() + 60
    while tracking.logged < number and not tracking.failure and time.monotonic() < deadline:
        time.sleep(0.05)
    assert tracking.logged == number


OPTIMIZERS = ("sgd", "momentum", "rmsprop", "adam")
GAINS = {"sgd": 0.0, "momentum": 0.01, "rmsprop": 0.012, "adam": 0.015}


@dataclass(frozen=True)
class Recipe:
    """What tracking and a run's identity ask of a recipe."""

    fields: dict[str, Any]

    def as_dict(self):
        return self.fields

    identity = as_dict


def cell_name(levels):
    first, *rest = levels.items()
    return "+".join([first[1], *(name for name, level in rest if level == "on")])


def make_spec(levels, replicate, *, study="main", dataset="digits", **further):
    recipe = Recipe({"hidden": [64, 32], "batch_size": 128, **levels})
    hashes = {"content_hash": "ab12" * 16, "source_digest": "src0"}
    cell = cell_name(levels)
    return RunSpec(study, dataset, cell, "cell", levels, recipe, replicate, 0, **hashes, **further)


def make_result(spec, *, status="ok", epochs=10, started="2026-01-05T10:00:00+00:00", n_test=360):
    rng = np.random.default_rng(zlib.crc32(spec.run_key.encode()))
    gain = GAINS[spec.levels["optimizer"]] + 0.004 * (spec.levels["dropout"] == "on")
    gain -= 0.006 * (spec.levels["augmentation"] == "on")
    steps = np.arange(1, epochs + 1)
    rise = 0.96 + gain - 0.5 * np.exp(-steps / 2.0) + 0.002 * rng.standard_normal(epochs)
    history = {
        "epoch": [int(step) for step in steps],
        "train_loss": list(2.0 * np.exp(-steps / 3.0)),
        "train_accuracy": list(rise + 0.01),
        "val_loss": list(2.1 * np.exp(-steps / 3.0)),
        "val_accuracy": list(rise),
        "learning_rate": list(0.01 * np.cos(steps / epochs * 1.5)),
        "elapsed_s": list(0.2 * steps),
        **{f"{phase}_s": [0.03] * epochs for phase in ("data", "forward", "backward", "update")},
        "evaluation_s": [0.01] * epochs,
    }
    labels = rng.integers(0, 10, n_test).astype(np.uint8)
    wrong = rng.random(n_test) > rise[-1]
    predictions = np.where(wrong, (labels + 1) % 10, labels).astype(np.uint8)
    metrics = {
        "learning_rate": 0.01,
        "n_parameters": 6570.0,
        "epochs": float(epochs),
        "fit_wall_s": 2.1,
        "fit_cpu_s": 2.0,
        "data_s": 0.3,
        "forward_s": 0.3,
        "backward_s": 0.3,
        "update_s": 0.3,
        "evaluation_s": 0.1,
        "other_s": 0.8,
        "diverged_epoch": float("nan"),
        "diverged_step": float("nan"),
    }
    if status == "ok":
        metrics |= {
            "best_epoch": float(epochs),
            "val_accuracy": float(rise[-1]),
            "val_loss": float(history["val_loss"][-1]),
            "test_accuracy": float((labels == predictions).mean()),
            "test_errors": float(wrong.sum()),
            "n_test": float(n_test),
        }
    else:
        labels = predictions = np.empty(0, np.uint8)
        history["val_loss"][-1] = float("inf")
    return RunResult(
        run_key=spec.run_key,
        status=status,
        reason="" if status == "ok" else "the loss became inf in epoch 3 at step 12",
        identity={"recipe": spec.recipe.as_dict(), "dataset": spec.dataset},
        metrics=metrics,
        history=history,
        labels=labels,
        outputs=certain(predictions),
        test_index=np.arange(len(labels)),
        parameters_sha256="c0ffee",
        started_at=started,
        environment={"numpy": "2.4.6", "blas": "openblas 0.3"},
    )


def certain(predictions):
    """Return the outputs of a model that is sure of every class."""
    return compact(np.eye(10)[predictions])


def all_levels(optimizers=OPTIMIZERS):
    names = ("l2", "dropout", "augmentation")
    for optimizer, *switches in product(optimizers, *[("off", "on")] * 3):
        yield {"optimizer": optimizer, **dict(zip(names, switches, strict=True))}


@pytest.fixture
def make_pairs() -> Callable[..., list]:
    """Pairs of the made-up study, `replicates` of each of the first `n_cells` cells."""

    def pairs(n_cells=4, replicates=2, *, status="ok", **spec_fields):
        levels = list(all_levels())[:: max(1, 32 // n_cells)][:n_cells]
        specs = [make_spec(own, r, **spec_fields) for r in range(replicates) for own in levels]
        return [(spec, make_result(spec, status=status)) for spec in specs]

    return pairs


@pytest.fixture
def project(tmp_path, template_database, monkeypatch) -> Path:
    """A project folder with an empty tracking store."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    shutil.copy(template_database, tmp_path / "mlflow.db")
    return tmp_path


@pytest.fixture
def connection(project) -> Connection:
    return connect(project)


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
