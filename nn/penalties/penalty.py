"""What every penalty is: a function of the weights added to the loss."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np


class Penalty(ABC):
    """A function of the weight matrices; it never sees biases or BatchNorm parameters.

    A penalty enters the gradient, so that an adaptive optimizer rescales it with the rest;
    decoupled weight decay (AdamW, Lion) does not, and is an option of those optimizers. A new one
    is a class with these two methods.
    """

    off: ClassVar[dict[str, Any] | None] = None
    """The options at which it is absent, bit for bit; ``nn.checks`` holds it to that."""

    @abstractmethod
    def value(self, weights: np.ndarray) -> float:
        """Return the term that is added to the loss."""

    @abstractmethod
    def add_gradient(self, weights: np.ndarray, gradients: np.ndarray, scratch: np.ndarray) -> None:
        """Add the term's gradient to `gradients` in place; `scratch` may be overwritten.

        All three are flat and equally long: the weights or any stretch of them. At strength 0
        nothing is touched.
        """
