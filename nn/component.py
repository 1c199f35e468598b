"""From a component's class or function and options to what training uses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any


def configure(target: Callable[..., Any], **options: Any) -> Any:
    """Return an instance of the class `target`, or the function `target` with its options bound.

    Every kind of component is given this way: classes (optimizers, penalties, layers, activations,
    losses, augmentations) are called, functions (schedules, initializers) are kept for later.
    """
    return target(**options) if isinstance(target, type) else partial(target, **options)
