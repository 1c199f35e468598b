"""A Dask cluster that loses workers and schedulers at any moment: the same tables in the end."""

import random
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fault.test_survival import PARAMS, complete, finish, prepare, said, start, stored, tables
from tests.pipeline.study.executors.test_dask import real_cluster

pytestmark = [pytest.mark.fault, pytest.mark.timeout(900)]


def test_a_study_whose_cluster_is_struck_again_and_again(tmp_path: Path) -> None:
    """Before it answers, while trials and runs are on their way, at a decision."""
    whole, folder = prepare(tmp_path / "whole"), prepare(tmp_path / "struck")
    finish(whole)
    (folder / "params.yaml").write_text(PARAMS.replace("processes", "dask"), "utf-8")
    complete(start(folder, "data"), folder)
    rng, struck = random.Random(5), set()
    for strike in ("scheduler", "scheduler", "worker", ""):
        with ExitStack() as stack:
            address, (scheduler, worker, _) = stack.enter_context(real_cluster(tmp_path))
            process = start(folder, "train", DASK_SCHEDULER_ADDRESS=address)
            goal = stored(folder) + rng.randint(0, 12)
            while strike and stored(folder) < goal and process.poll() is None:
                time.sleep(0.01)
            time.sleep(rng.uniform(0, 0.5))
            if strike == "scheduler":
                scheduler.kill()
                assert process.wait(timeout=240) in (0, 2)
                if process.returncode:
                    struck.add(strike)
                    (line,) = [x for x in said(folder).splitlines() if x.startswith("knockout: ")]
                    assert "Dask scheduler" in line
                    assert "Traceback" not in said(folder)
            else:
                if strike and process.poll() is None:
                    struck.add(strike)
                    worker.kill()
                complete(process, folder)
    assert struck == {"worker", "scheduler"}
    assert tables(folder) == tables(whole)
