"""Underflow: hear it, and keep training out of the numbers that processors are slow at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import numpy as np

_PAUSE = 16
_LONGEST = 1024
_HEADROOM = 26
"""How many times a swept number can be halved before it is subnormal."""


class Underflow:
    """Keep all that a training step touches out of the subnormal range.

    Below the smallest normal number (1.2e-38 in float32) lie the subnormal ones, with which Intel
    processors compute up to 50 times slower. Training drifts there in three ways: a running mean
    whose gradient has become zero (a pixel that is never lit, a dead unit) shrinks by a factor per
    step, down to 6e-45, where it stays for ever, since 0.9 times that rounds to itself; so does a
    weight that only a penalty moves; and a network that has learnt its examples by heart has
    gradients so small that their squares underflow.

    NumPy reads the processor's underflow flag after every operation anyway, so that listening
    costs nothing, and a training in which nothing underflows is the same bit for bit. A step in
    which underflow was heard has two consequences:

    - All that is kept (parameters, optimizer states, averages, running statistics) is swept: what
      is smaller than 2^-100 (float32; 26 halvings above the smallest normal number) becomes 0.
    - For the next steps gradients are rounded to multiples of 2^-50 before they are used, so that
      their squares are 0 or at least 2^-100. That lasts 16 steps, or twice as long as the last time
      (1024 at most) if underflow is heard again before as many steps have passed without it.

    Both are far below what any optimizer's epsilon (1e-10 and more) lets through.
    """

    heard: bool
    """Whether an underflow was heard since this was last set to false."""
    rounds_gradients: bool
    """Whether the next step's gradients are to be rounded."""

    def __init__(self) -> None:
        self.rounds_gradients = False
        self.heard = False
        self._sweep_again, self._rounds_until = 0, -_PAUSE
        self._length = _PAUSE

    def __call__(self, kind: str, flags: int) -> None:
        """Take note; NumPy calls this under ``np.errstate(under="call", call=...)``."""
        self.heard = True

    def end_step(self, step: int, kept: Callable[[], Iterable[np.ndarray]]) -> None:
        """Respond to what was heard in this step.

        After a quiet step that rounded nothing, the call can be left out.

        Parameters
        ----------
        step : int
            How many steps have been taken.
        kept : callable
            Returns the arrays to sweep in place.
        """
        if self.heard and step >= self._sweep_again:
            for array in kept():
                sweep(array)
            self._sweep_again = step + _PAUSE
            if step > self._rounds_until:
                again = step <= self._rounds_until + self._length
                self._length = min(2 * self._length, _LONGEST) if again else _PAUSE
                self._rounds_until = step + self._length
        self.rounds_gradients = step < self._rounds_until
        self.heard = False


def sweep(array: np.ndarray) -> None:
    """Set to 0 in place what is smaller than ``2^26 tiny``; all else keeps its bits."""
    limit, _ = _constants(array.dtype)
    flat = array.reshape(-1)
    # In pieces that stay in the cache.
    for start in range(0, len(flat), 1 << 14):
        part = flat[start : start + (1 << 14)]
        part *= np.abs(part) >= limit


def round_off(gradient: np.ndarray) -> None:
    """Round in place to multiples of ``sqrt(2^26 tiny)``: no square of a result underflows."""
    _, anchor = _constants(gradient.dtype)
    np.add(gradient, anchor, out=gradient)
    np.subtract(gradient, anchor, out=gradient)


@cache
def _constants(dtype: np.dtype) -> tuple[np.floating, np.floating]:
    """Return the limit of sweeping, and the number whose last bit is its square root."""
    info = np.finfo(dtype)
    limit = info.tiny * info.dtype.type(2.0**_HEADROOM)
    return limit, np.sqrt(limit) * info.dtype.type(2.0 ** (info.nmant + 1))
