"""JAX: a jitted step per batch, and a whole epoch inside `lax.scan`."""

from __future__ import annotations

import os

# One thread, as everyone else; read when the backend starts.
os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"
os.environ["NPROC"] = "1"

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.problem import N_EXAMPLES, Case, Round, data


def make(case: Case, variant: str) -> Round:
    """Return an epoch of the variant "step" or "scan"."""
    x, y = (jnp.asarray(part) for part in data(case))
    rng = np.random.default_rng(0)
    w = [
        (jnp.asarray(rng.normal(0, 0.05, (a, b)), jnp.float32), jnp.zeros(b))
        for a, b in zip(case.sizes, case.sizes[1:], strict=False)
    ]
    zeros = jax.tree.map(jnp.zeros_like, w)
    state: Any = (w, zeros, jax.tree.map(jnp.zeros_like, w), 0)
    step = partial(_step, x, y, case.optimizer)
    shape = (case.n_steps, case.batch_size)
    orders = np.random.default_rng(1)
    if variant == "step":
        jitted = jax.jit(lambda state, rows: step(state, rows)[0], donate_argnums=0)

        def epoch() -> None:
            nonlocal state
            for rows in orders.permutation(N_EXAMPLES).reshape(shape):
                state = jitted(state, rows)
            jax.block_until_ready(state)

    else:
        scanned = jax.jit(lambda state, rows: jax.lax.scan(step, state, rows)[0], donate_argnums=0)

        def epoch() -> None:
            nonlocal state
            state = scanned(state, orders.permutation(N_EXAMPLES).reshape(shape))
            jax.block_until_ready(state)

    return epoch


def _loss(w: Any, x: Any, y: Any) -> Any:
    for matrix, bias in w[:-1]:
        x = jax.nn.relu(x @ matrix + bias)
    logits = jax.nn.log_softmax(x @ w[-1][0] + w[-1][1])
    return -jnp.take_along_axis(logits, y[:, None], 1).mean()


def _step(x: Any, y: Any, optimizer: str, state: Any, rows: Any) -> tuple[Any, None]:
    w, m, v, t = state
    g = jax.grad(_loss)(w, x[rows], y[rows])
    if optimizer == "sgd":
        return (jax.tree.map(lambda w, g: w - 1e-3 * g, w, g), m, v, t), None
    t = t + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)

    def move(w: Any, m: Any, v: Any) -> Any:
        return w - 1e-3 * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8)

    return (jax.tree.map(move, w, m, v), m, v, t), None
