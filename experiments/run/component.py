"""A named building block of `nn` with its options, as a recipe writes it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from experiments.errors import StudyError, closest
from nn.activations import ACTIVATIONS
from nn.augmentation import AUGMENTATIONS
from nn.initializers import INITIALIZERS
from nn.losses import LOSSES
from nn.optimizers import OPTIMIZERS
from nn.schedules import SCHEDULES

# Which names a recipe field may take. What an option's default does not say (parameters
# that the engine itself passes) stands in _SUPPLIED.
TABLES: Mapping[str, Mapping[str, Any]] = {
    "activation": ACTIVATIONS,
    "augmentation": AUGMENTATIONS,
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}
_SUPPLIED = {"rng", "self", "out"}


@dataclass(frozen=True)
class Component:
    """One entry of a table of `nn`, with options.

    Parameters
    ----------
    kind : str
        The recipe field, such as "optimizer".
    name : str
        The entry's name, such as "adam".
    options : mapping
        Keyword arguments that differ from the defaults.
    """

    kind: str
    name: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> Any:
        """The class or function of `nn` that this component names."""
        return TABLES[self.kind][self.name]

    def make(self, *args: Any, **supplied: Any) -> Any:
        """Call the target with the engine's arguments and this component's options."""
        return self.target(*args, **supplied, **self.options)

    def bound(self) -> Any:
        """Return the target, a function, with this component's options filled in."""
        return partial(self.target, **self.options)

    def as_value(self) -> Any:
        """Return the component as a recipe writes it: its name, or {name: options}."""
        return {self.name: dict(self.options)} if self.options else self.name


def accepted_options(target: Any) -> list[str]:
    """Return the option names that a class or function of `nn` takes by keyword."""
    parameters = inspect.signature(target).parameters.values()
    return [
        p.name
        for p in parameters
        if p.name not in _SUPPLIED and (p.default is not p.empty or p.kind is p.KEYWORD_ONLY)
    ]


def parse_component(kind: str, value: Any, *, where: str) -> Component:
    """Read `name` or `{name: {option: value}}`.

    Parameters
    ----------
    kind : str
        The recipe field.
    value : object
        What params.yaml holds.
    where : str
        The key path, for the error.

    Raises
    ------
    StudyError
        If the name or an option does not exist, or an option's value is refused.
    """
    if isinstance(value, Mapping) and len(value) == 1:
        name, options = next(iter(value.items()))
        options = {} if options is None else options
    else:
        name, options = value, {}
    if not isinstance(name, str) or not isinstance(options, Mapping):
        raise StudyError(f"`{where}` must be a name or {{name: {{option: value}}}}; got {value!r}.")
    if name not in TABLES[kind]:
        raise StudyError(
            f"`{where}` must name a known {kind}; got {name!r}. {closest(name, TABLES[kind])}"
        )
    accepted = accepted_options(TABLES[kind][name])
    for option in options:
        if option not in accepted:
            raise StudyError(
                f"`{where}.{name}.{option}` is not an option of {name}. "
                f"{closest(option, accepted) if accepted else 'It takes none.'}"
            )
    return Component(kind, name, dict(options))
