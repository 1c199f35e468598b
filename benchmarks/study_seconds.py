"""What a second of a study's training is spent on: `python -m benchmarks.study_seconds`.

Reads the stored phase seconds of the study in the working directory, trains nothing, and times the
bare matrix products of one step of each dataset's baseline on this machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd

PHASES = ("data_s", "forward_s", "backward_s", "update_s", "evaluation_s", "other_s")
_REPEATS, _SECONDS = 7, 0.02


def shares(runs: pd.DataFrame) -> pd.Series:
    """Return each phase's share of all wall seconds of the finished runs, and what they waited.

    Parameters
    ----------
    runs : DataFrame
        `status`, `fit_cpu_s`, `fit_wall_s` and `PHASES`.

    Returns
    -------
    Series
        `PHASES`, which sum to 1; `waiting`, the share of wall seconds in which a run had no
        processor; `n`, the runs.

    Raises
    ------
    ValueError
        If no run finished.
    """
    done = runs[runs["status"] == "ok"]
    if done.empty:
        raise ValueError("`runs` must hold a finished run; got none. Train the study first.")
    spent = done[list(PHASES)].sum()
    waiting = 1 - done["fit_cpu_s"].sum() / done["fit_wall_s"].sum()
    return pd.concat(
        [spent / spent.sum(), pd.Series({"waiting": max(0.0, waiting), "n": len(done)})]
    )


def product_seconds(sizes: Sequence[int], batch_size: int) -> float:
    """Return the CPU seconds of one step's matrix products, and of nothing else.

    Forward x W, gradients xᵀ g of the weights, and g Wᵀ of the inputs of all layers but the first.

    Parameters
    ----------
    sizes : sequence of int
        Features, hidden units of each layer, outputs.
    batch_size : int
        Examples per step.
    """
    rng = np.random.default_rng(0)
    layers = []
    for n_in, n_out in pairwise(sizes):
        shapes = ((batch_size, n_in), (n_in, n_out), (batch_size, n_out))
        layers.append(tuple(rng.normal(size=shape).astype(np.float32) for shape in shapes))

    def step() -> None:
        for place, (x, weights, gradient) in enumerate(layers):
            x @ weights
            x.T @ gradient
            if place:
                gradient @ weights.T

    best = float("inf")
    for _ in range(_REPEATS):
        count, began = 0, process_time()
        while process_time() - began < _SECONDS:
            step()
            count += 1
        best = min(best, (process_time() - began) / count)
    return best


def table(rows: dict[str, pd.Series]) -> str:
    """Return the shares of all datasets as Markdown; `products` where they were timed."""
    heads = ["dataset", "runs", *(name.removesuffix("_s") for name in PHASES), "waiting"]
    heads += ["training ÷ bare products"]
    lines = [f"| {' | '.join(heads)} |", f"|---|{'--:|' * (len(heads) - 1)}"]
    for name, row in rows.items():
        cells = [f"{100 * row[key]:.0f} %" for key in (*PHASES, "waiting")]
        ratio = f"{row['products']:.2f}" if "products" in row else "–"
        lines.append(f"| {name} | {row['n']:.0f} | {' | '.join(cells)} | {ratio} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table of the study in the working directory."""
    from pipeline.study.dataset_card import read_card
    from pipeline.study.machine import pin_threads
    from pipeline.study.project import open_project

    pin_threads()
    project, rows = open_project(Path.cwd()), {}
    for name, recipe in project.study.recipes.items():
        folder = project.results(name)
        if not (folder / "runs.parquet").exists():
            continue
        runs = pd.read_parquet(folder / "runs.parquet")
        rows[name] = shares(runs)
        fields, card = recipe.as_dict(), read_card(folder / "dataset.json")
        if "hidden" in fields:
            done = runs.loc[(runs["status"] == "ok"), ["run_key", "fit_cpu_s"]]
            history = pd.read_parquet(folder / "history.parquet")
            steps = history[history["run_key"].isin(done["run_key"])]["steps"].sum()
            sizes = (int(np.prod(card.image_shape)), *fields["hidden"], len(card.class_names))
            bare = steps * product_seconds(sizes, fields["batch_size"])
            rows[name]["products"] = done["fit_cpu_s"].sum() / bare
    print(table(rows))


if __name__ == "__main__":
    main()
