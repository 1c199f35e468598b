"""Timed steps are a run's steps, and a cost that is there is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from time import process_time
from typing import Any

import numpy as np
import pytest

from data_loaders.datasets import Dataset
from experiments.design.study import Study
from experiments.network.network_recipe import NetworkRecipe
from experiments.network.step_timing import Bench, Burst, time_burst, time_rounds
from experiments.run.execute import execute
from nn.records import Diverged, EpochRecord
from nn.stepper import Stepper
from tests.experiments.conftest import network, specs_of

RECIPE = NetworkRecipe(hidden=(16,), batch_size=64, learning_rate=0.1)


def test_a_burst_goes_on_where_the_last_one_ended() -> None:
    pairs = [(np.array([i]), np.array([i])) for i in range(5)]
    burst = Burst(pairs, 3)  # type: ignore[arg-type]

    taken = [[int(x[0]) for x, _ in burst] for _ in range(4)]

    assert taken == [[0, 1, 2], [3, 4, 0], [1, 2, 3], [4, 0, 1]]
    assert len(burst) == 3


# Every field of a recipe, with a value that is not its default.
OTHERWISE: dict[str, Any] = {
    "hidden": [24],
    "block": ["dense", {"dropout": 0.1}, "tanh"],
    "activation": "tanh",
    "initializer": "glorot_uniform",
    "output": "tanh",
    "bias_initializer": "normal",
    "layer_rates": [0.5, 2],
    "shuffle": False,
    "keep": "last",
    "scaling": "minmax",
    "target_scaling": "none",
    "loss": {"cross_entropy": {"label_smoothing": 0.1}},
    "optimizer": "adam",
    "learning_rate": 0.02,
    "schedule": "constant",
    "batch_size": 50,
    "epochs": 3,
    "penalty": [{"l1": 1e-4}],
    "l1": 1e-4,
    "l2": 1e-3,
    "batch_norm": True,
    "dropout": 0.2,
    "augmentation": {"shift": {"max_shift": 1}},
    "mixup": 0.3,
    "warmup": 0.5,
    "clip_norm": 0.5,
    "max_norm": 1.0,
    "average": 0.9,
    "patience": 5,
    "validation_fraction": 0.3,
}


def test_no_field_of_a_recipe_is_forgotten() -> None:
    """What a run does with a new field, the timed step must do too: say so below."""
    assert set(OTHERWISE) == set(NetworkRecipe.model_fields)
    default = network(hidden=[16])
    changed = {n: getattr(network(default, **{n: v}), n) for n, v in OTHERWISE.items()}
    assert [n for n, value in changed.items() if value == getattr(default, n)] == []


@pytest.mark.parametrize("field", [*OTHERWISE, "all"])
def test_a_timed_epoch_is_an_epoch_of_the_run(study: Study, digits: Dataset, field: str) -> None:
    spec = specs_of(study, digits)["baseline"]
    several = {n: v for n, v in OTHERWISE.items() if n != "block"}
    fields = several if field == "all" else {field: OTHERWISE[field]}
    spec = replace(spec, recipe=network(spec.recipe, **fields), replicate=1)
    run = execute(spec, digits)

    bench = Bench(digits, spec.seed, spec.replicate)
    n_steps = int(run.history["steps"][0])
    timed = list(bench.training(spec.recipe, n_steps=n_steps, n_bursts=spec.recipe.epochs))

    losses = [record.train_loss for record in timed if isinstance(record, EpochRecord)]
    # Bit for bit: the same arrays went through the same operations in the same order.
    assert losses == run.history["train_loss"]


def test_a_recipe_without_a_learning_rate_is_refused(digits: Dataset) -> None:
    with pytest.raises(ValueError, match="learning_rate"):
        Bench(digits, 0, 0).training(NetworkRecipe(), n_steps=1, n_bursts=1)


def endless(name: str, seen: list[str]) -> Iterator[str]:
    while True:
        seen.append(name)
        yield name


def test_every_round_is_abba_or_baab_for_every_variant() -> None:
    seen: list[str] = []
    pairs = {name: (endless("A", seen), endless(name, seen)) for name in "bcd"}
    rounds = time_rounds(pairs, n_rounds=20, warm_up=3, rng=np.random.default_rng(0))

    quads = ["".join(seen[i : i + 4]) for i in range(0, len(seen), 4)]
    assert len(quads) == 23 * 3
    for i in range(0, len(quads), 3):
        assert {quad.replace("A", "")[0] for quad in quads[i : i + 3]} == set("bcd")
    shapes = Counter("AxxA" if quad[0] == "A" else "xAAx" for quad in quads)
    assert all(quad in (f"A{q}{q}A", f"{q}AA{q}") for quad in quads for q in [quad.strip("A")[0]])
    assert min(shapes.values()) > 20
    assert [(r.number, r.variant) for r in rounds].count((0, "b")) == 1
    assert {r.number for r in rounds} == set(range(20))


def test_a_diverged_training_gives_no_time() -> None:
    assert np.isnan(time_burst(iter([Diverged(1, 1, float("nan"))]))).all()
    assert np.isnan(time_burst(iter([]))).all()


def test_a_baseline_that_diverges_at_once_cannot_be_timed(digits: Dataset) -> None:
    wild = RECIPE.with_fields({"learning_rate": 1e30})
    with pytest.raises(ValueError, match="must train for 16 steps to be timed"):
        Bench(digits, 0, 0).steps_in(0.02, wild)


def test_a_burst_takes_about_as_long_as_asked(digits: Dataset) -> None:
    bench = Bench(digits, 0, 0)
    n_steps = bench.steps_in(0.02, RECIPE)
    training = bench.training(RECIPE, n_steps=n_steps, n_bursts=5)
    seconds = [time_burst(training)[0] for _ in range(5)]

    assert 0.005 < min(seconds) < 0.08


def test_a_step_that_does_everything_twice_costs_twice(
    digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Twice(Stepper):
        """Forward and backward are computed a second time, the update is applied twice."""

        def run_epoch(self, batches):  # type: ignore[no-untyped-def]
            super().run_epoch(batches)
            return super().run_epoch(batches)

    bench = Bench(digits, 0, 0)
    n_rounds, n_steps = 12, 40

    def training() -> Iterator[EpochRecord | Diverged]:
        # A generator: its stepper is made when it is first advanced.
        made = bench.training(RECIPE, n_steps=n_steps, n_bursts=10 * n_rounds)
        next(made)
        return made

    plain, same, other = training(), training(), training()
    monkeypatch.setattr("nn.training.Stepper", Twice)
    doubled = training()
    rounds = time_rounds(
        {"twice": (plain, doubled), "same": (same, other)},
        n_rounds=n_rounds,
        warm_up=2,
        rng=np.random.default_rng(1),
    )

    def ratio(name: str) -> float:
        logs = [np.log(r.cpu_s / r.baseline_cpu_s) for r in rounds if r.variant == name]
        return float(np.exp(np.median(logs)))

    assert ratio("twice") == pytest.approx(2, rel=0.15)
    assert ratio("same") == pytest.approx(1, rel=0.1)


def test_cpu_and_wall_are_told_apart() -> None:
    from time import sleep

    def waiting() -> Iterator[None]:
        while True:
            sleep(0.03)
            yield

    def working() -> Iterator[int]:
        while True:
            end = process_time() + 0.03
            while process_time() < end:
                pass
            yield 1

    def asleep() -> Iterator[int]:
        for _ in waiting():
            yield 1

    cpu, wall = time_burst(asleep())
    assert cpu < 0.01 < 0.03 <= wall
    cpu, wall = time_burst(working())
    assert 0.03 <= cpu <= wall + 0.01
