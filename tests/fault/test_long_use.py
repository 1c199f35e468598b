"""Two thousand tiny runs in one study: the parent needs no more for the last than for the first.

`KNOCKOUT_LONG_RUNS` sets another number.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.fault.test_survival import complete, prepare, start, statuses_in_mlflow, stored

pytestmark = [pytest.mark.fault, pytest.mark.timeout(3600)]

RUNS = int(os.environ.get("KNOCKOUT_LONG_RUNS", "2000"))
# Eight cells and the placebo.
PARAMS = f"""
study:
  datasets: [digits]
  replicates: {RUNS // 9 + 1}
  factors:
    optimizer: [sgd, momentum]
    dropout: [0, 0.2]
    l2: [0, 1.0e-4]
  recipe: {{hidden: [4], epochs: 1, batch_size: 512, learning_rate: 0.1}}
  tune: {{per: []}}
run: {{executor: processes}}
"""


def test_memory_and_handles_of_the_parent_stay_as_they_are(
    tmp_path: Path, tracked: Callable[[Path], None]
) -> None:
    folder = prepare(tmp_path / "long")
    tracked(folder)
    (folder / "params.yaml").write_text(PARAMS, "utf-8")
    complete(start(folder, "data"), folder)
    process = start(folder, "train")
    parent, opened, seen = psutil.Process(process.pid), False, []
    while process.poll() is None and (n_stored := stored(folder)) < RUNS:
        # The first two hundred runs warm caches; until then MLflow is imported, too.
        opened = opened or bool(statuses_in_mlflow(folder))
        if opened and n_stored >= 200:
            seen.append((n_stored, parent.memory_info().rss, parent.num_fds()))
        time.sleep(0.2)
    complete(process, folder)
    first = seen[0][0] + 100
    early = [max(column) for column in zip(*(s for s in seen if s[0] <= first), strict=True)]
    late = [max(column) for column in zip(*(s for s in seen if s[0] > first), strict=True)]
    print(f"parent, MB: {early[1] / 1e6:.0f} after {early[0]} runs, {late[1] / 1e6:.0f} after all")
    assert late[0] > RUNS - 100
    assert late[1] < 1.1 * early[1]
    assert late[2] <= early[2] + 5
    began = time.monotonic()
    complete(start(folder, "sync"), folder)
    rate = stored(folder) / (time.monotonic() - began)
    print(f"sync: {rate:.0f} runs a second")
    assert rate >= 8
