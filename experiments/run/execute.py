"""Execute one run: build the network, train it, read the test part once."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np

from data_loaders.batches import Batches
from data_loaders.datasets import Dataset
from data_loaders.scaling import Scaling
from data_loaders.split import Split, draw_split
from experiments.run.augment import augmenter, mixer
from experiments.run.environment import environment
from experiments.run.recipe import Recipe
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from experiments.run.streams import Purpose, stream
from nn import warmup
from nn.layers import BatchNorm, Dropout
from nn.layers.dense import Dense
from nn.layers.layer import Layer
from nn.losses.loss import Loss
from nn.network import Network
from nn.penalties import PENALTIES, Penalty
from nn.records import Diverged, EpochRecord
from nn.training import train

PHASES = ("data_s", "forward_s", "backward_s", "update_s", "evaluation_s")


def _generator(spec: RunSpec, purpose: Purpose) -> np.random.Generator:
    return stream(spec.seed, spec.dataset, spec.replicate, spec.streams, purpose)


def build_network(spec: RunSpec, dataset: Dataset) -> Network:
    """Return the untrained network of a run, a pure function of its streams."""
    recipe = spec.recipe
    layers: list[Layer] = []
    for units in recipe.hidden:
        layers.append(Dense(units, initializer=recipe.initializer.bound()))
        if recipe.batch_norm:
            layers.append(BatchNorm())
        layers.append(recipe.activation.make())
        if recipe.dropout:
            layers.append(Dropout(recipe.dropout))
    layers.append(Dense(dataset.n_classes, initializer=recipe.initializer.bound()))
    return Network(
        layers,
        n_inputs=math.prod(dataset.images.shape[1:]),
        batch_size=recipe.batch_size,
        rng=_generator(spec, "init"),
        dropout_rng=_generator(spec, "dropout"),
    )


def _batches(spec: RunSpec, dataset: Dataset, split: Split, scaling: Scaling) -> Batches:
    recipe = spec.recipe
    return Batches(
        dataset.images,
        dataset.labels,
        split.train,
        batch_size=recipe.batch_size,
        scaling=scaling,
        rng=_generator(spec, "order"),
        augment=augmenter(recipe, rng=_generator(spec, "augmentation")),
    )


def _penalty(recipe: Recipe) -> Penalty | None:
    strengths = {"l1": recipe.l1, "l2": recipe.l2}
    used = {name: strength for name, strength in strengths.items() if strength}
    if not used:
        return None
    make: Callable[..., Penalty] = PENALTIES["elastic_net" if len(used) == 2 else next(iter(used))]
    return make(*used.values())


def _in_batches(
    network: Network, images: np.ndarray, indices: np.ndarray, scaling: Scaling
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield some images' indices with their logits, a view, one batch at a time.

    Never more than a batch of images is held as floats.
    """
    for start in range(0, len(indices), network.capacity):
        batch = indices[start : start + network.capacity]
        yield batch, network.forward(scaling.apply(images[batch]))


def evaluate(
    network: Network, *, loss: Loss, dataset: Dataset, indices: np.ndarray, scaling: Scaling
) -> tuple[float, float]:
    """Return mean loss and accuracy on some training images, in evaluation mode."""
    total, correct = 0.0, 0
    for batch, logits in _in_batches(network, dataset.images, indices, scaling):
        labels = dataset.labels[batch].astype(np.int64)
        total += loss(logits, labels)[0] * len(batch)
        correct += int(np.count_nonzero(logits.argmax(axis=1) == labels))
    return total / len(indices), correct / len(indices)


def read_test(
    network: Network, dataset: Dataset, split: Split, scaling: Scaling
) -> tuple[np.ndarray, np.ndarray]:
    """Return true and predicted classes of the test part.

    The one place where test labels are read; `execute` calls it once, after the epoch was
    chosen on validation data.
    """
    if dataset.test_images is not None and dataset.test_labels is not None:
        images, labels = dataset.test_images, dataset.test_labels
    else:
        images, labels = dataset.images, dataset.labels
    predictions = [
        logits.argmax(axis=1).astype(np.uint8)
        for _, logits in _in_batches(network, images, split.test, scaling)
    ]
    return np.asarray(labels[split.test]), np.concatenate(predictions)


def _history(records: list[EpochRecord]) -> dict[str, list[float]]:
    rows: list[dict[str, Any]] = [asdict(record) for record in records]
    names = [name for name in (rows[0] if rows else ()) if name != "best_epoch"]
    return {name: [row[name] for row in rows] for name in names}


def _times(records: list[EpochRecord], cpu: float, wall: float) -> dict[str, float]:
    phases = {name: sum(getattr(record, name) for record in records) for name in PHASES}
    other = wall - sum(phases.values())
    return {**phases, "other_s": other, "fit_cpu_s": cpu, "fit_wall_s": wall}


def execute(spec: RunSpec, dataset: Dataset) -> RunResult:
    """Execute a run and return its result.

    Parameters
    ----------
    spec : RunSpec
        What to run; its recipe has a learning rate.
    dataset : Dataset
        The dataset with the content hash that the spec names.

    Returns
    -------
    RunResult
        Status "ok", or "diverged" when a loss became non-finite.
    """
    return execute_whole(spec, dataset).result


@dataclass(frozen=True)
class Executed:
    """A run's result and what made it: the trained network, its split and pixel scaling."""

    result: RunResult
    network: Network
    split: Split
    scaling: Scaling


def execute_whole(spec: RunSpec, dataset: Dataset) -> Executed:
    """Execute a run as `execute` does and hand out the trained network too."""
    recipe: Recipe = spec.recipe
    if recipe.learning_rate is None:
        raise ValueError(f"{spec.cell} needs a learning rate; got none. Tune it or name one.")
    started = datetime.now(UTC).isoformat(timespec="seconds")
    split = draw_split(
        dataset,
        validation_fraction=recipe.validation_fraction,
        rng=_generator(spec, "split"),
    )
    scaling = Scaling.fit(dataset.images, split.train)
    network = build_network(spec, dataset)
    batches = _batches(spec, dataset, split, scaling)
    optimizer = recipe.optimizer.make(network.n_parameters, n_weights=len(network.weights))
    cpu, wall = time.process_time(), time.perf_counter()
    events = list(
        train(
            network,
            recipe.loss.make(),
            optimizer,
            batches,
            learning_rate=recipe.learning_rate,
            epochs=recipe.epochs,
            schedule=warmup(recipe.schedule.bound(), round(recipe.warmup * len(batches))),
            penalty=_penalty(recipe),
            clip_norm=recipe.clip_norm,
            max_norm=recipe.max_norm,
            average=recipe.average,
            mixup=mixer(recipe, rng=_generator(spec, "mixup")),
            patience=recipe.patience,
            validation=partial(
                evaluate,
                loss=recipe.loss.make(),
                dataset=dataset,
                indices=split.validation,
                scaling=scaling,
            ),
        )
    )
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    diverged = events[-1] if isinstance(events[-1], Diverged) else None
    records = [event for event in events if isinstance(event, EpochRecord)]
    metrics = {
        "learning_rate": recipe.learning_rate,
        "n_parameters": float(network.n_parameters),
        "epochs": float(len(records)),
        "diverged_epoch": float(diverged.epoch) if diverged else math.nan,
        "diverged_step": float(diverged.step) if diverged else math.nan,
        **_times(records, cpu, wall),
    }
    labels = predictions = np.empty(0, np.uint8)
    if diverged is None:
        best = records[(records[-1].best_epoch or 1) - 1]
        metrics |= {
            "best_epoch": float(best.epoch),
            "val_accuracy": best.val_accuracy,
            "val_loss": best.val_loss,
        }
        # Tuning selects on validation data: its runs never meet the test part.
        if spec.arm != "tuning":
            labels, predictions = read_test(network, dataset, split, scaling)
            errors = int((labels != predictions).sum())
            metrics |= {
                "test_accuracy": 1 - errors / len(labels),
                "test_errors": float(errors),
                "n_test": float(len(labels)),
            }
    result = RunResult(
        run_key=spec.run_key,
        status="ok" if diverged is None else "diverged",
        reason="" if diverged is None else _reason(diverged),
        identity=spec.identity,
        metrics=metrics,
        history=_history(records),
        labels=labels,
        predictions=predictions,
        test_index=split.test if len(labels) else np.empty(0, np.int64),
        parameters_sha256=hashlib.sha256(network.parameters.tobytes()).hexdigest(),
        started_at=started,
        environment=environment(),
    )
    return Executed(result, network, split, scaling)


def _reason(diverged: Diverged) -> str:
    return f"the loss became {diverged.loss} in epoch {diverged.epoch} at step {diverged.step}"
