"""Whether intervals cover what many blocks, each tuned anew, agree on: digits, by real runs.

    knockout run --study coverage
    python -m benchmarks.coverage

The blocks are dealt, ten times, into disjoint groups of n. Each group's interval, by the analysis
that the report uses, is held against the mean of all other blocks, whose own error widens it: with
n of N blocks in a group the variance of the difference is s²/n + s²/(N − n). Looks are played
through on the same blocks in random order, and the interval of the look that decided is held
against the mean of all blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import numpy as np
import pandas as pd

from experiments import analysis
from experiments.design.replicates import look_counts
from experiments.design.study import Study
from pipeline.results.scored_runs import read_runs
from pipeline.study.project import open_project

DATASET = "digits"
LOOKS = look_counts(5, 40)
ORDERS, DEALS = 50, 10


def effects_of(study: Study, runs: pd.DataFrame, looks: tuple[int, ...] = ()) -> pd.DataFrame:
    """Return the component effects of some blocks, numbered anew."""
    order = {block: place for place, block in enumerate(dict.fromkeys(runs["replicate"]))}
    numbered = runs.assign(replicate=runs["replicate"].map(order))
    judged = study.model_copy(update={"looks": {DATASET: looks or (len(order),)}})
    return analysis.component_effects(numbered, judged, rng=np.random.default_rng(0))


def dealt(runs: pd.DataFrame, blocks: np.ndarray) -> pd.DataFrame:
    """Return the runs of some blocks, in the order of the blocks."""
    parts = dict(tuple(runs.groupby("replicate")))
    return pd.concat([parts[block] for block in blocks])


def covered(study: Study, runs: pd.DataFrame, n: int) -> Iterator[bool]:
    """Yield whether each interval of each group of n blocks covers the mean of the others."""
    for seed in range(DEALS):
        blocks = np.random.default_rng((n, seed)).permutation(runs["replicate"].unique())
        for start in range(0, len(blocks) - n + 1, n):
            group, rest = blocks[start : start + n], np.delete(blocks, np.s_[start : start + n])
            own, others = (effects_of(study, dealt(runs, part)) for part in (group, rest))
            half = (own["ci_high_pp"] - own["ci_low_pp"]) / 2 * sqrt(1 + n / len(rest))
            yield from (own["effect_pp"] - others["effect_pp"]).abs() <= half


def stopped(study: Study, runs: pd.DataFrame) -> Iterator[tuple[bool, bool, int]]:
    """Yield of each comparison of each order: whether it covers, is decided, and its blocks."""
    truth = effects_of(study, runs)["effect_pp"]
    for seed in range(ORDERS):
        blocks = np.random.default_rng(seed).permutation(runs["replicate"].unique())
        own = effects_of(study, dealt(runs, blocks[: LOOKS[-1]]), LOOKS)
        inside = (own["ci_low_pp"] <= truth) & (truth <= own["ci_high_pp"])
        decided = own["verdict"] != "inconclusive"
        yield from zip(inside, decided, own["n"], strict=True)


def main() -> None:
    """Print coverage at n = 3, 5, 10 and at the look that decides."""
    project = open_project(study="coverage")
    study, runs = project.study, read_runs(project, DATASET)
    runs = runs[runs["arm"] == "cell"]
    for n in (3, 5, 10):
        found = list(covered(study, runs, n))
        print(f"n = {n}: {100 * np.mean(found):.1f} % of {len(found)} intervals cover")
    inside, decided, counts = zip(*stopped(study, runs), strict=True)
    print(
        f"looks at {LOOKS}: {100 * np.mean(inside):.1f} % of {len(inside)} intervals cover at the "
        f"last look made; {100 * np.mean(decided):.1f} % decided, on {np.mean(counts):.1f} blocks"
    )


if __name__ == "__main__":
    main()
