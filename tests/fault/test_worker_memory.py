"""What a worker needs on MNIST at its peak."""

import re
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.fault.test_survival import complete, prepare, said, start, workers_of

pytestmark = pytest.mark.fault

# The main study's network and batches, with the optimizer of the most vectors, and augmentation.
PARAMS = """
study:
  datasets: [mnist]
  replicates: 1
  factors: {augmentation: {off: none, on: {shift: 2}}}
  recipe: {hidden: [256, 128], batch_size: 128, epochs: 1, optimizer: adam, learning_rate: 0.001}
  tune: {per: []}
run: {executor: processes}
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's /proc")
def test_a_worker_on_mnist_needs_600_mb_at_most(tmp_path: Path) -> None:
    folder = prepare(tmp_path / "mnist")
    (folder / "params.yaml").write_text(PARAMS, "utf-8")
    complete(start(folder, "data", "mnist"), folder)
    if "unavailable" in said(folder):
        pytest.skip("MNIST is unavailable")
    process, peaks = start(folder, "train", "mnist", KNOCKOUT_WORKERS="1"), [0]
    while process.poll() is None:
        for worker in workers_of(process):
            try:
                status = Path(f"/proc/{worker.pid}/status").read_text("utf-8")
            except OSError:
                continue
            if found := re.search(r"VmHWM:\s+(\d+) kB", status):
                peaks.append(int(found[1]))
        time.sleep(0.05)
    complete(process, folder)
    runs = pd.read_parquet(folder / "results" / "mnist" / "runs.parquet")
    assert set(runs["status"]) == {"ok"}
    print(f"a worker on MNIST: {max(peaks) / 1e3:.0f} MB at its peak")
    assert 100e3 < max(peaks) < 600e3
