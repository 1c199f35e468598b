"""Whether a step costs at the end of a training what it costs at its start.

Numbers below 1.2e-38 are up to 50 times slower on some processors (see `nn.underflow`), and come
only after hundreds of steps: pixels that are never lit, means whose gradient is zero, an L2 penalty
under a rate that falls to 0. The times of a few steps show none of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from statistics import median

import numpy as np

import nn
from benchmarks.targets import Target
from data_loaders.errors import DatasetUnavailableError
from data_loaders.load import load
from nn.minibatches import Minibatches

L2 = 1e-4
N_EPOCHS, N_STEPS, BATCH_SIZE = 40, 30, 128
BOUND = 1.05


def long_run_ratios(
    n_epochs: int = N_EPOCHS, n_steps: int = N_STEPS, dataset: str = "mnist"
) -> dict[str, float] | None:
    """Return step time in the last quarter of the epochs over that in the first, by optimizer.

    With and without L2; cosine schedule, 784-256-128-10. None where the dataset is unavailable. A
    second training starts when the first reaches its last quarter, and they take turns: whatever
    else slows the machine down meets both.
    """
    try:
        data = load(dataset)
    except DatasetUnavailableError:
        return None
    x = data.x.reshape(len(data.x), -1)[: n_steps * BATCH_SIZE] / np.float32(255)
    y = data.y[: len(x)].astype(int)
    ratios = {}
    for name in nn.OPTIMIZERS:
        for penalty in (None, nn.L2(L2)):
            late, early = (_step_seconds(x, y, name, penalty, n_epochs) for _ in range(2))
            ended = islice(late, n_epochs - max(1, n_epochs // 4), None)
            ratio = median(a / b for a, b in zip(ended, early, strict=False))
            ratios[f"{name}{' + L2' if penalty else ''}"] = ratio
    return ratios


def _step_seconds(
    x: np.ndarray, y: np.ndarray, optimizer: str, penalty: nn.L2 | None, n_epochs: int
) -> Iterator[float]:
    """Train, and yield the mean step time of each epoch."""
    rng = np.random.default_rng(0)
    layers = [nn.Dense(256), nn.ReLU(), nn.Dense(128), nn.ReLU(), nn.Dense(10)]
    network = nn.Network(layers, n_inputs=x.shape[1], batch_size=BATCH_SIZE, rng=rng)
    for record in nn.train(
        network,
        nn.LOSSES["cross_entropy"](),
        nn.OPTIMIZERS[optimizer](),
        Minibatches(x, y, BATCH_SIZE, rng=rng),
        penalty=penalty,
        epochs=n_epochs,
        schedule=nn.schedules.cosine,
    ):
        yield (record.forward_s + record.backward_s + record.update_s) / record.steps


def long_run_table(ratios: dict[str, float] | None) -> list[str]:
    """Return the ratios as Markdown."""
    if ratios is None:
        return ["Not measured: MNIST is unavailable."]
    rows = [f"| {name} | {ratio:.3f} |" for name, ratio in ratios.items()]
    return ["| optimizer | last epochs ÷ first epochs |", "|---|---|", *rows]


def long_run_targets(ratios: dict[str, float] | None) -> list[Target]:
    """Return the bound on the worst of them."""
    if ratios is None:
        return []
    what = "step at the end of a training over its start, worst optimizer"
    return [Target(what, max(ratios.values()), BOUND, at_most=True)]
