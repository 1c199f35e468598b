"""Time a training step against peers and write `benchmarks/RESULTS.md`.

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
from benchmarks.components import component_rows
from benchmarks.environment import describe
from benchmarks.problem import Case, Round, cases
from benchmarks.rounds import time_rounds

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


def step_table(results: dict[str, dict[str, float]]) -> list[str]:
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


def main() -> None:
    """Time everything, print it and write RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--quick", action="store_true", help="no 784-800-800-10")
    parser.add_argument("--cpu", action="store_true", help="CPU instead of wall seconds")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("RESULTS.md"))
    options = parser.parse_args()
    results = {}
    for case in cases():
        if not (options.quick and 800 in case.sizes):
            results[case.name] = microseconds(case, options.rounds, cpu=options.cpu)
            print(case.name, {k: round(v) for k, v in results[case.name].items()}, flush=True)
    components = component_rows(options.rounds, cpu=options.cpu)
    text = [
        "# Step times",
        "",
        f"Medians of {options.rounds} ({'CPU' if options.cpu else 'wall'} time)"
        f" interleaved rounds of 2,048 examples; ratios are the peer's "
        "time over ours, so that more than 1 means that ours is faster. A case is network, batch "
        "size, optimizer.",
        "",
        *(f"- {line}" for line in describe()),
        "",
        *step_table(results),
        "",
        "## Cost of components",
        "",
        *components,
        "",
    ]
    options.output.write_text("\n".join(text))
    print("\n".join(text))


if __name__ == "__main__":
    main()
