"""What Knockout itself writes, and how it reads it back."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import nn
from experiments.errors import StudyError
from experiments.run.outputs import compact
from experiments.run.result import RunResult
from pipeline.champion.saved_network import load_champion, write_champion
from pipeline.study.store.run_store import RunStore, encode
from pipeline.study.store.table_file import read_table, write_table
from tests.champions import champion_of
from tests.mutations import Kind

KEY = "ab" + "0" * 30
RNG = np.random.default_rng(0)
NETWORK = nn.Network([nn.Dense(8), nn.ReLU(), nn.Dense(3)], n_inputs=6, rng=RNG)


def write_run(folder: Path) -> Path:
    labels = np.arange(20, dtype=np.uint8) % 10
    result = RunResult(
        run_key=KEY, status="ok", reason="", identity={"recipe": {"hidden": [3]}},
        metrics={"test_accuracy": 0.95}, history={"epoch": [1, 2], "val_loss": [0.5, 0.25]},
        labels=labels, outputs=compact(np.eye(10)[labels] * 0.91 + 0.009),
        test_index=np.arange(20),
    )  # fmt: skip
    RunStore(folder).put(result)
    return RunStore(folder).path(KEY)


def read_run(folder: Path) -> Any:
    result = RunStore(folder).get(KEY)
    if result is None:
        raise StudyError(f"{folder} has no run {KEY}")
    return encode(result)


def write_network(folder: Path) -> Path:
    nn.save(NETWORK, folder / "network.safetensors")
    return folder / "network.safetensors"


def read_network(folder: Path) -> Any:
    network = nn.load(folder / "network.safetensors")
    return network.parameters.tobytes(), nn.serialization.architecture(network)


def write_whole_champion(folder: Path) -> None:
    shape = {"image_shape": (2, 3), "class_names": ("a", "ü", "c")}
    write_champion(champion_of(NETWORK, **shape), folder)


def write_card(folder: Path) -> Path:
    write_whole_champion(folder)
    return folder / "champion.json"


def write_weights(folder: Path) -> Path:
    write_whole_champion(folder)
    return folder / "network.safetensors"


def read_champion(folder: Path) -> Any:
    champion = load_champion(folder)
    card = json.dumps(dataclasses.asdict(champion.card), sort_keys=True)
    return card, champion.network.parameters.tobytes()


def write_ledger(folder: Path) -> Path:
    rates = {"arm": ["sgd", "adam"] * 10, "learning_rate": RNG.random(20), "chosen": [True] * 20}
    write_table(folder / "tuning.parquet", pd.DataFrame(rates))
    return folder / "tuning.parquet"


def read_ledger(folder: Path) -> Any:
    return read_table(folder / "tuning.parquet").to_csv()


ERRORS = (StudyError, nn.DamagedFileError)
KINDS = {
    "run": Kind(write_run, read_run, ERRORS),
    "network": Kind(write_network, read_network, ERRORS),
    "champion card": Kind(write_card, read_champion, ERRORS),
    "champion network": Kind(write_weights, read_champion, ERRORS),
    "tuning ledger": Kind(write_ledger, read_ledger, ERRORS),
}
