"""What every activation is: an elementwise function, computed in place where that is possible."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import numpy as np

from nn.layers.layer import Layer
from nn.layers.surroundings import Surroundings


class Activation(Layer):
    """An elementwise function ``y = f(x)`` with backward pass ``dL/dx = f'(x) dL/dy``.

    A new one is a class with ``apply`` and ``pull_back``. Where f' follows from y alone, let it say
    ``from_output = True``: the output then overwrites the input (the network's own memory) and
    saves a buffer of the batch's size.
    """

    keeps_output = True
    from_output: ClassVar[bool] = False
    gives_shares: ClassVar[bool] = False
    """Whether f lies in (0, 1): as the last layer it answers with a share for each class."""

    @abstractmethod
    def apply(self, x: np.ndarray, out: np.ndarray, scratch: np.ndarray) -> None:
        """Write f(x) into `out`, which is `x` itself if `from_output`."""

    @abstractmethod
    def pull_back(
        self, gradient: np.ndarray, x: np.ndarray, y: np.ndarray, scratch: np.ndarray
    ) -> None:
        """Multiply `gradient` by f' in place; `x` has been overwritten if `from_output`.

        `scratch` still holds what ``apply`` left in it.
        """

    def connect(self, n_inputs: int, surroundings: Surroundings) -> int:
        self._in_place = surroundings.overwrite and self.from_output
        self._outputs = surroundings.buffer(0 if self._in_place else n_inputs)
        self._scratches = surroundings.buffer(n_inputs)
        return n_inputs

    def resize(self, n_rows: int) -> None:
        self._output = self._outputs[:n_rows]
        self._scratch = self._scratches[:n_rows]
        self._x = self._output

    def forward(self, x: np.ndarray, *, training: bool) -> np.ndarray:
        self._x = x
        if self._in_place:
            self._output = x
        self.apply(x, self._output, self._scratch)
        return self._output

    def backward(self, gradient: np.ndarray, *, wants_input_gradient: bool) -> np.ndarray | None:
        self.pull_back(gradient, self._x, self._output, self._scratch)
        return gradient
