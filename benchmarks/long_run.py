"""Whether a step costs at the end of a training what it costs at its start.

Numbers below 1.2e-38 are up to 50 times slower on some processors (see `nn.underflow`), and come
only after hundreds of steps: pixels that are never lit, means whose gradient is zero, an L2 penalty
under a rate that falls to 0. The times of a few steps show none of it.
"""

from __future__ import annotations

from statistics import median

import numpy as np

import nn
from benchmarks.targets import Target
from data_loaders.errors import DatasetUnavailableError
from data_loaders.load import load

L2 = 1e-4
N_EPOCHS, N_STEPS, BATCH_SIZE = 12, 100, 128
BOUND = 1.05


def long_run_ratios(
    n_epochs: int = N_EPOCHS, n_steps: int = N_STEPS, dataset: str = "mnist"
) -> dict[str, float] | None:
    """Return step time of the last quarter of the epochs over that of the first, by optimizer.

    With and without L2; cosine schedule, 784-256-128-10. None where the dataset is unavailable.
    """
    try:
        data = load(dataset)
    except DatasetUnavailableError:
        return None
    x = data.x.reshape(len(data.x), -1)[: n_steps * BATCH_SIZE] / np.float32(255)
    y = data.y[: len(x)].astype(int)
    return {
        f"{name}{' + L2' if penalty else ''}": _ratio(x, y, name, penalty, n_epochs)
        for name in nn.OPTIMIZERS
        for penalty in (None, nn.L2(L2))
    }


def _ratio(
    x: np.ndarray, y: np.ndarray, optimizer: str, penalty: nn.L2 | None, n_epochs: int
) -> float:
    rng = np.random.default_rng(0)
    layers = [nn.Dense(256), nn.ReLU(), nn.Dense(128), nn.ReLU(), nn.Dense(10)]
    network = nn.Network(layers, n_inputs=x.shape[1], batch_size=BATCH_SIZE, rng=rng)
    records = nn.fit(
        network,
        x,
        y,
        rng=rng,
        optimizer=nn.OPTIMIZERS[optimizer](),
        penalty=penalty,
        epochs=n_epochs,
        schedule=nn.schedules.cosine,
    )
    seconds = [(r.forward_s + r.backward_s + r.update_s) / r.steps for r in records]
    quarter = max(1, n_epochs // 4)
    return median(seconds[-quarter:]) / median(seconds[:quarter])


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
