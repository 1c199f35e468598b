"""Train a network as its recipe says."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.network.augment import augmenter
from experiments.network.build import build_network
from experiments.network.build_penalty import build_penalty
from experiments.network.parts import Parts, parts_of
from experiments.network.standard_targets import StandardBatches, StandardTargets
from experiments.run.task import Task
from experiments.run.trained import Trained
from nn.early_stopping import Keep
from nn.losses.cross_entropy import CrossEntropy
from nn.losses.loss import Loss
from nn.losses.sigmoid_cross_entropy import SigmoidCrossEntropy
from nn.network import Network
from nn.records import Diverged, EpochRecord
from nn.softmax import predicted_classes
from nn.stepper import Batch
from nn.training import Batches, Validation, train

if TYPE_CHECKING:
    from experiments.network.network_recipe import NetworkRecipe

PHASES = ("data_s", "forward_s", "backward_s", "update_s", "evaluation_s")
_LOSSES_OF_CLASSES = (CrossEntropy, SigmoidCrossEntropy)


def train_network(recipe: NetworkRecipe, task: Task) -> Trained:
    """Train a recipe's network on a task; it ends in the state of the epoch that is kept."""
    ready = Ready.of(recipe, task)
    network = ready.network
    validation = None
    if task.n_validation:
        parts = partial(validation_parts, task, network.capacity, ready.targets)
        validation = partial(evaluate, loss=recipe.loss.make(), parts=parts)
    records: list[EpochRecord] = []
    diverged: Diverged | None = None
    for event in ready.train(validation=validation):
        if isinstance(event, Diverged):
            diverged = event
        else:
            records.append(event)
            row = asdict(event)
            del row["best_epoch"]
            # Numbers are not right or wrong.
            task.log(**row if task.n_classes else {**row, "train_accuracy": math.nan})
    metrics = {"diverged_epoch": math.nan, "diverged_step": math.nan}
    if diverged:
        metrics = {
            "diverged_epoch": float(diverged.epoch), "diverged_step": float(diverged.step),
            "epochs": float(len(records)),
        }  # fmt: skip
    else:
        metrics |= _kept_epoch(records, recipe.keep)
    if ready.targets:
        # Here it is a share of the variance; the run's is in the unit of the numbers.
        metrics.pop("val_loss", None)
    return Trained(
        predict=ready.predict,
        rows=network.capacity,
        model=network,
        n_parameters=network.n_parameters,
        metrics=metrics,
        phases={name: sum(getattr(record, name) for record in records) for name in PHASES},
        parameters_sha256=hashlib.sha256(network.parameters.tobytes()).hexdigest(),
        diverged=_reason(diverged) if diverged else "",
    )


@dataclass(frozen=True)
class Ready:
    """A network and its batches, ready to train: a pure function of recipe and task."""

    recipe: NetworkRecipe
    parts: Parts
    network: Network
    batches: Batches
    targets: StandardTargets | None
    mixup: Any

    @classmethod
    def of(cls, recipe: NetworkRecipe, task: Task) -> Ready:
        """Build what a recipe names.

        Raises
        ------
        ValueError
            If numbers are to be predicted with a loss of classes.
        """
        if not task.n_classes and issubclass(recipe.loss.target, _LOSSES_OF_CLASSES):
            raise ValueError(
                f"loss — must be one of numbers, as the targets are numbers — got "
                f"{recipe.loss.name}. Write `loss: mse`."
            )
        parts = parts_of(recipe)
        augment = augmenter(parts.augmentations, rng=task.generator("augmentation"))
        mixup = parts.mixup and partial(parts.mixup.make(), rng=task.generator("mixup"))
        batches: Batches = task.batches(recipe.batch_size, augment=augment, shuffle=recipe.shuffle)
        targets = None if task.n_classes else StandardTargets.fit(task.y)
        if targets and recipe.target_scaling == "none":
            targets = StandardTargets(0.0, 1.0)
        if targets:
            batches = StandardBatches(batches, targets)
        return cls(recipe, parts, build_network(recipe, task), batches, targets, mixup)

    @property
    def predict(self) -> Callable[[np.ndarray], np.ndarray]:
        """What answers for rows: with class probabilities, or with numbers in their own unit."""
        if self.targets:
            return partial(numbers, self.network, self.targets)
        return self.network.predict_proba

    def train(
        self,
        *,
        batches: Batches | None = None,
        epochs: int | None = None,
        validation: Validation | None = None,
    ) -> Iterator[EpochRecord | Diverged]:
        """Return the recipe's training of the network, one record per epoch.

        Parameters
        ----------
        batches : re-iterable, optional
            What an epoch consists of instead of the training part. Warm-up still counts in epochs
            of the training part.
        epochs : int, optional
            How many instead of the recipe's.
        validation : callable, optional
            As in `nn.training.train`.

        Raises
        ------
        ValueError
            If the recipe has no learning rate.
        """
        recipe, network = self.recipe, self.network
        if recipe.learning_rate is None:
            raise ValueError(
                "NetworkRecipe.learning_rate — must be a number — got none. Tune it or name one."
            )
        return train(
            network,
            recipe.loss.make(),
            recipe.optimizer.make(),
            self.batches if batches is None else batches,
            learning_rate=recipe.learning_rate,
            epochs=recipe.epochs if epochs is None else epochs,
            schedule=self._schedule(),
            penalty=build_penalty(self.parts.penalties),
            clip_norm=recipe.clip_norm,
            max_norm=recipe.max_norm,
            average=recipe.average,
            mixup=self.mixup,
            validation=validation,
            patience=recipe.patience,
            keep=recipe.keep,
        )

    def _schedule(self) -> Any:
        schedule, warmup = self.recipe.schedule.make(), self.parts.warmup
        if warmup is None:
            return schedule
        return warmup.target(schedule, round(self.recipe.warmup * len(self.batches)))


def validation_parts(
    task: Task, batch_size: int, targets: StandardTargets | None
) -> Iterable[Batch]:
    """Return the validation part in batches, with the targets that the network is trained on."""
    batches = task.validation_batches(batch_size)
    return targets.apply(batches) if targets else batches


def evaluate(
    network: Network, *, loss: Loss, parts: Callable[[], Iterable[Batch]]
) -> tuple[float, float]:
    """Return a network's mean loss and accuracy on some batches, in evaluation mode."""
    total, correct, n = 0.0, 0, 0
    for x, y in parts():
        logits = network.forward(x)
        total += loss(logits, y)[0] * len(y)
        correct += int(np.count_nonzero(predicted_classes(logits) == y))
        n += len(y)
    return total / n, correct / n if np.issubdtype(y.dtype, np.integer) else math.nan


def numbers(network: Network, targets: StandardTargets, x: np.ndarray) -> np.ndarray:
    """Return the numbers that a network predicts for rows."""
    return targets.restore(network.logits(x)[:, 0])


def _kept_epoch(records: Sequence[EpochRecord], keep: Keep) -> dict[str, float]:
    """Return what is known of the epoch whose state was kept: the last one without validation."""
    last = records[-1]
    kept = last if keep == "last" else records[(last.best_epoch or len(records)) - 1]
    known = {"val_accuracy": kept.val_accuracy, "val_loss": kept.val_loss}
    measured = {name: value for name, value in known.items() if not math.isnan(value)}
    return {"best_epoch": float(kept.epoch), **measured}


def _reason(diverged: Diverged) -> str:
    return f"the loss became {diverged.loss} in epoch {diverged.epoch} at step {diverged.step}"
