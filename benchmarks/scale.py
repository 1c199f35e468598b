"""Time plan, store, table, status and tracking at 100 to 10,000 made-up runs.

Run `python -m benchmarks.scale [--sizes N …] [--tracked N]`; writes `benchmarks/SCALE.md`.
The runs are made up (nothing is trained), as large as MNIST's: 10,000 test predictions, 10
epochs.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.environment import describe
from experiments.design.study import parse_study
from experiments.run.outputs import compact
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from nn.softmax import softmax
from pipeline.stages.train_stage import write_run_tables
from pipeline.study.dataset_card import DatasetCard, write_card
from pipeline.study.planning.status import plan_lines, status_lines
from pipeline.study.plans import finished, foreseen, planned_stages
from pipeline.study.project import Project
from pipeline.study.store.run_tables import HISTORY, METRICS
from pipeline.study.store.stored_runs import StoredPairs
from pipeline.study.store.table_file import write_table

CARD = DatasetCard(
    "mnist", True, True, "0" * 64, 60000, 10000, (28, 28), tuple(str(i) for i in range(10))
)
EPOCHS, REPLICATES = 10, 5


@contextmanager
def project_of(n_runs: int) -> Iterator[Project]:
    """Make a project whose plan has about `n_runs` evaluation runs and whose tuning is done."""
    cells = n_runs // REPLICATES
    strengths = [i / 10_000 for i in range(cells // 2)]
    study = parse_study(
        {
            "datasets": ["mnist"],
            "factors": {"optimizer": ["sgd", "adam"], "l2": strengths},
            "replicates": REPLICATES,
        }
    )
    with tempfile.TemporaryDirectory(prefix="knockout-scale-") as folder:
        project = Project(Path(folder), study)
        write_card(CARD, project.results("mnist") / "dataset.json")
        rates = {"baseline": 0.1, "placebo": 0.1, "adam": 0.001}
        chosen = [(*pair, block) for pair in rates.items() for block in range(REPLICATES)]
        ledger = pd.DataFrame(chosen, columns=["arm", "learning_rate", "replicate"])
        write_table(project.results("mnist") / "tuning.parquet", ledger.assign(chosen=True))
        yield project


def made_up(spec: RunSpec, rng: np.random.Generator) -> RunResult:
    """Return a result like MNIST's, of numbers drawn at random."""
    # As on MNIST, all runs read the same test part.
    labels = np.random.default_rng(0).integers(0, 10, CARD.n_test).astype(np.uint8)
    logits = 4 * rng.standard_normal((CARD.n_test, 10))
    history = {name: rng.random(EPOCHS).tolist() for name in HISTORY}
    return RunResult(
        run_key=spec.run_key,
        status="ok",
        reason="",
        identity=spec.identity,
        metrics=dict(zip(METRICS, rng.random(len(METRICS)).tolist(), strict=True))
        | {"n_test": float(CARD.n_test), "n_parameters": 235146.0},
        history=history | {"epoch": list(range(1, EPOCHS + 1))},
        labels=labels,
        outputs=compact(softmax(logits)),
        test_index=np.arange(CARD.n_test),
        started_at="2026-01-01T00:00:00+00:00",
    )


def seconds(do: Callable[[], object]) -> float:
    """Return how long a call takes."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def write_tables(project: Project, specs: list[RunSpec]) -> None:
    """Read every run and write the tables, as the stage `train` does."""
    pairs = StoredPairs(specs, finished(project, specs))
    write_run_tables(project.results("mnist"), pairs, project.study)


def sync(project: Project) -> None:
    """Mirror the study into MLflow, as `knockout sync` does."""
    from pipeline.stages.sync_stage import run

    os.environ.pop("MLFLOW_TRACKING_URI", None)
    run(project)


def make_stale(project: Project) -> Project:
    """Return the project with another seed of data: every stored run is stale."""
    write_card(replace(CARD, content_hash="1" * 64), project.results("mnist") / "dataset.json")
    return project


def measure(n_runs: int, *, tracked: int) -> dict[str, float | None]:
    """Return each figure at one size; tracking only up to `tracked` runs."""
    rng = np.random.default_rng(0)
    with project_of(n_runs) as project:
        specs = foreseen(project, CARD)
        figures: dict[str, float | None] = {"runs": len(specs)}
        keys = lambda: [s.run_key for s in foreseen(project, CARD)]  # noqa: E731
        figures["run keys, s"] = seconds(keys)
        plan = lambda: list(plan_lines(project, calibrated=False))  # noqa: E731
        figures["plan, nothing stored, s"] = seconds(plan)
        store, put, size = project.store, 0.0, 0
        every = [*specs, *planned_stages(project, CARD)["tuning"]]
        for spec in every:
            result = made_up(spec, rng)
            put += seconds(partial(store.put, result))
            size += store.path(spec.run_key).stat().st_size
        figures["put, ms a run"] = 1e3 * put / len(every)
        figures["disk, kB a run"] = size / len(every) / 1e3
        get = sum(seconds(partial(store.get, spec.run_key)) for spec in every)
        figures["get, ms a run"] = 1e3 * get / len(every)
        figures["plan, all stored, no index yet, s"] = seconds(plan)
        figures["plan, all stored, s"] = seconds(plan)
        figures["tables, s"] = seconds(lambda: write_tables(project, specs))
        # In bytes on macOS, in kilobytes elsewhere.
        unit = 1e6 if sys.platform == "darwin" else 1e3
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
        figures["peak memory after the tables, MB"] = peak
        figures["tracking, first sync, s"] = figures["tracking, nothing new, s"] = None
        if n_runs <= tracked:
            figures["tracking, first sync, s"] = seconds(lambda: sync(project))
            figures["tracking, nothing new, s"] = seconds(lambda: sync(project))
        stale = make_stale(project)
        figures["status, all stale, s"] = seconds(lambda: list(status_lines(stale)))
    return figures


def as_markdown(columns: list[dict[str, float | None]]) -> str:
    """Return the figures as a document, one column per size."""
    head = "| | " + " | ".join(f"{column['runs']:,.0f} runs" for column in columns) + " |"
    rows = [
        f"| {name} | "
        + " | ".join("–" if c[name] is None else f"{c[name]:.3g}" for c in columns)
        + " |"
        for name in list(columns[0])[1:]
    ]
    facts = [line for line in describe() if "OPENBLAS_CORETYPE" not in line]
    return "\n".join(
        [
            "# Scale",
            "",
            "Wall seconds with made-up runs as large as MNIST's (10,000 predictions, 10 epochs); "
            "each figure measured once. `make bench-scale` writes this file; "
            "[docs/scaling.md](../docs/scaling.md) says what it means.",
            "",
            *(f"- {fact}" for fact in facts),
            "",
            head,
            "|---" + "|--:" * len(columns) + "|",
            *rows,
            "",
        ]
    )


def main() -> None:
    """Measure every size, print the figures and write SCALE.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--tracked", type=int, default=1000, help="largest size to track")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("SCALE.md"))
    options = parser.parse_args()
    columns = []
    for size in options.sizes:
        columns.append(measure(size, tracked=options.tracked))
        print({name: value and round(value, 3) for name, value in columns[-1].items()}, flush=True)
    options.output.write_text(as_markdown(columns), encoding="utf-8")
    print(f"wrote {options.output}")


if __name__ == "__main__":
    main()
