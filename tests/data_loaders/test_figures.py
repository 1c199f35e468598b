"""How long large data of one's own take, in processor time, and how much memory."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from data_loaders.load import load
from data_loaders.parse_spec import parse_spec

pytestmark = pytest.mark.slow

MEASURE = """
import resource, sys, time
from pathlib import Path
import pandas
from data_loaders.load import load
from data_loaders.parse_spec import parse_spec

def peak():
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

before, started = peak(), time.process_time()
load(parse_spec("big", {"path": "big.csv", "label": "y"}), folder=Path(sys.argv[1]))
print(time.process_time() - started, peak() - before)
"""


def second_use(value: object, folder: Path) -> float:
    started = time.process_time()
    assert isinstance(load(parse_spec("big", value), folder=folder).x.base, np.memmap)
    return time.process_time() - started


def test_a_csv_of_100_000_rows_and_100_columns(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(100_000, 100)).round(6)).add_prefix("c")
    frame["y"] = rng.integers(0, 5, len(frame))
    frame.to_csv(tmp_path / "big.csv", index=False)
    command = [sys.executable, "-c", MEASURE, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, more_bytes = map(float, done.stdout.split())
    assert seconds < 10
    assert more_bytes < 3 * (tmp_path / "big.csv").stat().st_size
    assert second_use({"path": "big.csv", "label": "y"}, tmp_path) < 0.1


def test_10_000_pictures_of_32_by_32(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for i in range(10_000):
        path = tmp_path / "faces" / str(i % 10) / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (32, 32, 3), np.uint8)).save(path)
    started = time.process_time()
    assert load(parse_spec("big", "./faces"), folder=tmp_path).x.shape == (10_000, 32, 32, 3)
    assert time.process_time() - started < 15
    assert second_use("./faces", tmp_path) < 0.1
