"""A run ready to train: its split, pixel scaling, network and batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from data_loaders.datasets import Dataset
from data_loaders.scaling import Scaling
from data_loaders.split import Split, draw_split
from experiments.run.augment import mixer
from experiments.run.build import build_batches, build_network, build_penalty
from experiments.run.run_spec import RunSpec
from experiments.run.streams import StreamSet, stream
from nn import warmup
from nn.network import Network
from nn.records import Diverged, EpochRecord
from nn.training import Batches, Validation, train


@dataclass(frozen=True)
class RunSetup:
    """What a run trains and on what, a pure function of its spec and its dataset."""

    spec: RunSpec
    split: Split
    scaling: Scaling
    network: Network
    batches: Batches

    @property
    def learning_rate(self) -> float:
        """The recipe's learning rate.

        Raises
        ------
        ValueError
            If it has none.
        """
        rate = self.spec.recipe.learning_rate
        if rate is None:
            raise ValueError(
                f"{self.spec.cell} needs a learning rate; got none. Tune it or name one."
            )
        return rate

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
        recipe, network = self.spec.recipe, self.network
        return train(
            network,
            recipe.loss.make(),
            recipe.optimizer.make(),
            self.batches if batches is None else batches,
            learning_rate=self.learning_rate,
            epochs=recipe.epochs if epochs is None else epochs,
            schedule=warmup(recipe.schedule.bound(), round(recipe.warmup * len(self.batches))),
            penalty=build_penalty(recipe),
            clip_norm=recipe.clip_norm,
            max_norm=recipe.max_norm,
            average=recipe.average,
            mixup=mixer(recipe, rng=self.spec.generator("mixup")),
            validation=validation,
            patience=recipe.patience,
        )


def set_up(spec: RunSpec, dataset: Dataset) -> RunSetup:
    """Return a run ready to train.

    Parameters
    ----------
    spec : RunSpec
        What to run.
    dataset : Dataset
        The dataset with the content hash that the spec names.

    Raises
    ------
    ValueError
        If a part of the split would be empty.
    """
    split, scaling = _parts(
        dataset, spec.recipe.validation_fraction, spec.seed, spec.replicate, spec.streams
    )
    network = build_network(spec, dataset)
    return RunSetup(spec, split, scaling, network, build_batches(spec, dataset, split, scaling))


# The runs of a block follow each other and share both.
@lru_cache(maxsize=1)
def _parts(
    dataset: Dataset, fraction: float, seed: int, replicate: int, streams: StreamSet
) -> tuple[Split, Scaling]:
    rng = stream(seed, dataset.name, replicate, streams, "split")
    split = draw_split(dataset, validation_fraction=fraction, rng=rng)
    return split, Scaling.fit(dataset.x, split.train, dataset.features)
