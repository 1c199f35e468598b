"""Time a training step against peers, check the targets and write `benchmarks/RESULTS.md`.

Run `python -m benchmarks.step [--rounds N] [--quick]`. A step is gathering the batch, forward,
loss, backward and update; float32, one thread. PyTorch and JAX take part where they can be
imported.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
if hasattr(os, "sched_setaffinity"):
    # XLA has no option for a single thread that holds for all its kernels.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import argparse
from importlib.util import find_spec
from pathlib import Path
from statistics import geometric_mean, median

from benchmarks import numpy_peers
from benchmarks.components import component_ratios, component_table, component_targets
from benchmarks.elastic import elastic_milliseconds, elastic_targets
from benchmarks.environment import describe
from benchmarks.long_run import (
    N_EPOCHS,
    N_STEPS,
    long_run_ratios,
    long_run_table,
    long_run_targets,
)
from benchmarks.memory import memory_targets, run_megabytes
from benchmarks.problem import Case, Round, cases
from benchmarks.rounds import time_rounds
from benchmarks.startup import import_seconds, import_targets
from benchmarks.targets import Target, figures_elsewhere, target_table

Results = dict[str, dict[str, float]]
"""Microseconds per step of each contestant, by case."""

MEANS = {"scikit-learn": 2.6, "torch": 1.6, "jax step": 1.0, "jax scan": 0.8}
COLUMNS = ("sgemm", "ours", "scikit-learn", "torch", "jax step", "jax scan")


def contestants(case: Case) -> dict[str, Round]:
    """Return what can be timed here on this case."""
    entries = {
        "sgemm": numpy_peers.sgemm(case),
        "ours": numpy_peers.ours(case),
        "scikit-learn": numpy_peers.sklearn(case),
    }
    if find_spec("torch"):
        from benchmarks import torch_peer

        for variant in ("plain", "foreach", "fused"):
            entries[f"torch {variant}"] = torch_peer.make(case, variant)
    if find_spec("jax"):
        from benchmarks import jax_peer

        entries["jax step"] = jax_peer.make(case, "step")
        entries["jax scan"] = jax_peer.make(case, "scan")
    return entries


def microseconds(case: Case, n_rounds: int, *, cpu: bool) -> dict[str, float]:
    """Return the median step of each contestant; PyTorch's best variant counts."""
    times = {
        name: 1e6 * median(seconds) / case.n_steps
        for name, seconds in time_rounds(contestants(case), n_rounds, cpu=cpu).items()
    }
    torch = [value for name, value in times.items() if name.startswith("torch")]
    return times | ({"torch": min(torch)} if torch else {})


def step_table(results: Results) -> list[str]:
    """Return the table of step times and the ratios' geometric means, as Markdown."""
    columns = [c for c in COLUMNS if all(c in row for row in results.values())]
    lines = [
        "| case, µs per step | " + " | ".join(columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for name, row in results.items():
        cells = [
            f"{row[c]:.0f}" + (f" ({row[c] / row['ours']:.2f}×)" if c != "ours" else "")
            for c in columns
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    means = []
    for column in columns:
        ratios = [row[column] / row["ours"] for row in results.values()]
        means.append(
            "1" if column == "ours" else f"{geometric_mean(ratios):.2f}×, least {min(ratios):.2f}×"
        )
    return [*lines, "| geometric mean | " + " | ".join(means) + " |"]


def step_targets(results: Results) -> list[Target]:
    """Return the bounds on the ratios to the peers that took part."""
    ratios: dict[str, list[float]] = {}
    for row in results.values():
        for name, value in row.items():
            ratios.setdefault(name, []).append(value / row["ours"])
    targets = []
    for name, bound in MEANS.items():
        if name in ratios:
            targets.append(Target(f"{name}, geometric mean", geometric_mean(ratios[name]), bound))
    if "torch" in ratios:
        targets.append(Target("torch, every case", min(ratios["torch"]), 1.0))
    limit = "784-256-128-10 128 sgd"
    if limit in results:
        share = results[limit]["sgemm"] / results[limit]["ours"]
        targets.append(Target(f"share of the sgemm limit, {limit}", share, 0.85))
    return targets


def report(results: Results, n_rounds: int, *, cpu: bool, whole: bool, path: Path) -> list[str]:
    """Measure what is not a step against peers, too, and return RESULTS.md line by line.

    `path` keeps the figures of every processor; those of a `whole` run are added.
    """
    components = component_ratios(n_rounds, cpu=cpu)
    elastic = elastic_milliseconds(n_rounds, cpu=cpu)
    imports = import_seconds(n_rounds)
    megabytes = run_megabytes()
    long_runs = long_run_ratios() if whole else None
    targets = [
        *step_targets(results),
        *component_targets(components),
        *long_run_targets(long_runs),
        *elastic_targets(elastic),
        *import_targets(imports),
        *memory_targets(megabytes),
    ]
    lines = [
        "# Step times",
        "",
        f"Medians of {n_rounds} ({'CPU' if cpu else 'wall'} time) interleaved rounds of 2,048 "
        "examples; ratios are the peer's time over ours, so that more than 1 means that ours is "
        "faster. A case is network, batch size, optimizer.",
        "",
        *(f"- {line}" for line in describe()),
        "",
        "## Targets",
        "",
        *target_table(targets, figures_elsewhere(path, targets if whole else None)),
        "",
        "## Step",
        "",
        *step_table(results),
        "",
        "## Cost of components",
        "",
        *component_table(components),
        "",
        f"Elastic distortion of 128 images: {elastic['ours']:.2f} ms; a loop over `scipy.ndimage` "
        f"takes {elastic['scipy.ndimage']:.1f} ms.",
        "",
        "## Start and end of a training",
        "",
        f"Step time by optimizer in the last quarter of {N_EPOCHS} epochs of {N_STEPS} steps on "
        "MNIST over that in the first, 784-256-128-10, batch 128, cosine schedule, L2 1e-4.",
        "",
        *long_run_table(long_runs),
        "",
        "## Start and memory",
        "",
        f"`import numpy` {imports['numpy']:.3f} s, `import nn` {imports['nn']:.3f} s, NumPy "
        f"included; medians of {n_rounds} fresh processes.",
        "",
    ]
    if megabytes is None:
        lines += ["The memory of a run was not measured: it needs Linux, MNIST and `make env`.", ""]
    else:
        lines += [
            f"A run of Adam on MNIST peaks {megabytes['peak']:.1f} MB above the process that has "
            f"imported all and mapped the dataset: one copy of the parameters is "
            f"{megabytes['parameters']:.2f} MB, the buffers of one batch {megabytes['batch']:.1f} "
            "MB; the rest is the best epoch's weights and 8-byte indices of the examples.",
            "",
        ]
    return lines


def main() -> None:
    """Time everything, print it and write RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--quick", action="store_true", help="no 784-800-800-10, no long runs")
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--cpu", action="store_true", help="CPU instead of wall seconds")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("RESULTS.md"))
    options = parser.parse_args()
    results = {}
    for case in cases():
        if options.only in case.name and not (options.quick and 800 in case.sizes):
            results[case.name] = microseconds(case, options.rounds, cpu=options.cpu)
            print(case.name, {k: round(v) for k, v in results[case.name].items()}, flush=True)
    text = report(
        results,
        options.rounds,
        cpu=options.cpu,
        whole=not (options.quick or options.only),
        path=options.output.with_name("processors.json"),
    )
    options.output.write_text("\n".join(text), encoding="utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
