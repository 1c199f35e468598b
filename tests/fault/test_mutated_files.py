"""Files of every kind with flipped, cut, repeated bytes: refused in one line, or whole.

`make fault` tries `KNOCKOUT_MUTATIONS` of each of fifteen kinds: 45,000 unless it is set.
"""

import shutil
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import nn
from data_loaders.errors import DataError
from tests.fault import data_files, mlflow_database, own_files
from tests.mutations import MANY, Kind, at_little_cost

FEW, LARGE = 40, 16_000_000
KINDS = data_files.KINDS | own_files.KINDS


@pytest.fixture
def database(template_database: Path, monkeypatch: pytest.MonkeyPatch) -> Kind:
    """MLflow's database; one that is unusable is made anew, which takes seconds, by a copy."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    monkeypatch.setattr(
        "pipeline.tracking.store.database._build_schema",
        lambda target, root: shutil.copy(template_database, target),
    )
    return mlflow_database.kind(template_database)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutated_file_is_refused_in_one_line_or_is_whole(kind: str) -> None:
    KINDS[kind].is_refused_in_one_line_or_whole(FEW)


def test_a_mutated_database_is_made_anew_or_costs_one_line(database: Kind) -> None:
    database.is_refused_in_one_line_or_whole(FEW // 4)


def make_large(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files of a kind hold about 16 MB."""
    rng = np.random.default_rng(0)
    shape = (6, 1600, 1700) if kind in ("PNG", "JPEG") else (16_000, 32, 32)
    monkeypatch.setattr(data_files, "IMAGES", rng.integers(0, 256, shape, np.uint8))
    monkeypatch.setattr(data_files, "LABELS", np.arange(shape[0]) % 3)
    numbers = pd.DataFrame(rng.normal(size=(40_000, 50))).add_prefix("x")
    monkeypatch.setattr(data_files, "FRAME", numbers.assign(y=np.arange(40_000) % 3))
    if kind == "network":
        wide = nn.Network([nn.Dense(2000), nn.ReLU(), nn.Dense(2000)], n_inputs=8, rng=rng)
        monkeypatch.setattr(own_files, "NETWORK", wide)


@pytest.mark.fault
@pytest.mark.parametrize("how", ["cut", "flipped"])
@pytest.mark.parametrize("kind", [
    "gzip", "plain IDX", "npz", "npy", "PNG", "JPEG", "CSV", "Parquet with checksums", "network",
])  # fmt: skip
def test_a_large_damaged_file_takes_three_times_its_size_at_most(
    kind: str, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its size is that of the whole file, unpacked."""
    tried, (small, large) = KINDS[kind], (tmp_path / "small", tmp_path / "large")
    small.mkdir()
    large.mkdir()
    tried.write(small)
    tried.read(small)  # imports what it needs
    make_large(kind, monkeypatch)
    file = tried.write(large)
    size = max(LARGE, sum(path.stat().st_size for path in large.rglob("*") if path.is_file()))
    with file.open("r+b") as damaged:
        place = file.stat().st_size * 3 // 4
        if how == "cut":
            damaged.truncate(place)
        else:
            damaged.seek(place)
            old = damaged.read(1)[0]
            damaged.seek(place)
            damaged.write(bytes([old ^ 0x55]))
    refused = how == "cut" or tried.has_checksum
    with at_little_cost(3 * size), pytest.raises(tried.errors) if refused else suppress(DataError):
        tried.read(large)


@pytest.mark.fault
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
def test_thousands_of_mutated_files(kind: str) -> None:
    KINDS[kind].is_refused_in_one_line_or_whole(MANY)


@pytest.mark.fault
@pytest.mark.timeout(7200)
def test_thousands_of_mutated_databases(database: Kind) -> None:
    database.is_refused_in_one_line_or_whole(MANY)
