"""A named building block with its options, as a recipe writes it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Component:
    """A class or function by its import path, with options.

    Parameters
    ----------
    kind : str
        What it is, such as "optimizer".
    name : str
        What it is called: its name in the tables of `nn`, or its import path.
    path : str
        Where it is defined, as `nn.optimizers.adam:Adam`.
    options : mapping
        Keyword arguments that differ from the defaults.
    """

    kind: str
    name: str
    path: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def module(self) -> str:
        """The module that defines it."""
        return self.path.partition(":")[0]

    @property
    def target(self) -> Any:
        """The class or function itself."""
        found: Any = import_module(self.module)
        for name in self.path.partition(":")[2].split("."):
            found = getattr(found, name)
        return found

    def make(self, **supplied: Any) -> Any:
        """Return an instance of a class, or a function with its options filled in.

        `supplied` are arguments of the engine's; an option of the same name goes before.
        """
        target, options = self.target, {**supplied, **self.options}
        return target(**options) if inspect.isclass(target) else partial(target, **options)

    def makes_use_of(self, *names: str) -> set[str]:
        """Return those of the names that are parameters of the class or function."""
        return set(names) & set(inspect.signature(self.target).parameters)

    def as_value(self) -> Any:
        """Return the component as a recipe writes it: its name, or {name: options}."""
        return {self.name: dict(self.options)} if self.options else self.name
