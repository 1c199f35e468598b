"""What a recipe is given to train on: two parts of the data, randomness, and a log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from time import perf_counter

import numpy as np

from data_loaders.batches import Batches
from data_loaders.datasets import Dataset
from data_loaders.scaling import Scaling
from data_loaders.split import Split
from experiments.run.streams import Draw


class Task:
    """A training part, a validation part, and nothing of the test part.

    Parameters
    ----------
    dataset : Dataset
        Whose examples the two parts are of.
    split : Split
        Which examples belong to which part.
    scaling : Scaling
        Fitted to the training part.
    draw : callable
        Returns a new generator for a purpose.

    Attributes
    ----------
    x, x_val : ndarray of float32, shape (n, features)
        Scaled rows, read-only, made when first asked for.
    y, y_val : ndarray of int64, shape (n,)
        Classes from 0; float32 where the target is a number.
    n_classes, n_outputs : int
        How many classes there are, 0 where numbers are predicted; how many numbers a model
        answers with for each example.
    n_validation : int
        Size of the validation part; 0 when the study wants none.
    shape : tuple of int
        Of an example: height and width, and channels, or the columns of a table.
    """

    def __init__(self, dataset: Dataset, split: Split, scaling: Scaling, draw: Draw) -> None:
        self.n_classes = dataset.n_classes
        self.n_outputs = self.n_classes or 1
        self.shape = tuple(dataset.x.shape[1:])
        self.n_validation = len(split.validation)
        self.history: list[dict[str, float]] = []
        self._x, self._y = dataset.x, dataset.y
        self._split, self._scaling, self._draw = split, scaling, draw
        self._began = perf_counter()

    @cached_property
    def x(self) -> np.ndarray:
        """Return the training part's rows."""
        return self._rows(self._split.train)

    @cached_property
    def y(self) -> np.ndarray:
        """Return the training part's targets."""
        return targets(self._y[self._split.train])

    @cached_property
    def x_val(self) -> np.ndarray:
        """Return the validation part's rows."""
        return self._rows(self._split.validation)

    @cached_property
    def y_val(self) -> np.ndarray:
        """Return the validation part's targets."""
        return targets(self._y[self._split.validation])

    def batches(
        self,
        batch_size: int,
        *,
        augment: Callable[[np.ndarray], np.ndarray] | None = None,
        shuffle: bool = True,
    ) -> Batches:
        """Return the training part in scaled mini-batches.

        Rows are gathered from the memory-mapped examples: nothing but the batch is held.

        Parameters
        ----------
        batch_size : int
            Examples per batch.
        augment : callable, optional
            Takes and returns float32 examples of shape (b, *shape) with raw values.
        shuffle : bool
            Whether examples are permuted anew in each pass; they come as stored otherwise.
        """
        return Batches(
            self._x,
            self._y,
            self._split.train,
            batch_size=batch_size,
            scaling=self._scaling,
            rng=self.generator("order") if shuffle else None,
            augment=augment,
        )

    def validation_batches(
        self, batch_size: int | None = None
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the validation part, in order, in scaled batches; nothing else of it is held.

        All of it at once without a batch size, and nothing where there is no such part.
        """
        step = batch_size or max(self.n_validation, 1)
        for start in range(0, self.n_validation, step):
            indices = self._split.validation[start : start + step]
            yield self._scaling.apply(self._x[indices]), targets(self._y[indices])

    def generator(self, purpose: str) -> np.random.Generator:
        """Return a new generator of the run's stream for a purpose, such as "init".

        Every cell of a block gets the same stream for a purpose: a component that is switched
        on leaves the randomness of all others alone.
        """
        return self._draw(purpose)

    def seed(self, purpose: str) -> int:
        """Return a seed in [0, 2**32) for a library that takes no generator."""
        return int(self.generator(purpose).integers(2**32))

    def log(self, epoch: int, **metrics: float) -> None:
        """Record measures of an epoch, by names of the training's own choosing.

        `elapsed_s`, the seconds since the training began, is added unless it is given.
        """
        row = {"elapsed_s": perf_counter() - self._began, **metrics}
        self.history.append({"epoch": epoch, **{k: float(v) for k, v in row.items()}})

    def _rows(self, indices: np.ndarray) -> np.ndarray:
        rows = self._scaling.apply(self._x[indices])
        rows.flags.writeable = False
        return rows


def targets(labels: np.ndarray) -> np.ndarray:
    """Return labels as read-only classes (int64), or as numbers (float32)."""
    numeric = np.issubdtype(np.asarray(labels).dtype, np.floating)
    values = np.array(labels, np.float32 if numeric else np.int64)
    values.flags.writeable = False
    return values
