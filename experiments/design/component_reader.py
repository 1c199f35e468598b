"""Read components: entries of the tables of `nn`, or the user's own by import path."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.design.component_trial import try_component
from experiments.design.import_path import is_import_path, load_target
from experiments.errors import StudyError, closest, quoted
from experiments.run.component import Component
from nn.activations import ACTIVATIONS
from nn.augmentation import AUGMENTATIONS
from nn.initializers import INITIALIZERS
from nn.layers import LAYERS
from nn.losses import LOSSES
from nn.optimizers import OPTIMIZERS
from nn.penalties import PENALTIES
from nn.schedules import SCHEDULES

TABLES: Mapping[str, Mapping[str, Any]] = {
    "activation": ACTIVATIONS,
    "augmentation": AUGMENTATIONS,
    "initializer": INITIALIZERS,
    "layer": LAYERS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "penalty": PENALTIES,
    "schedule": SCHEDULES,
}
# Parameters that the engine itself passes.
_SUPPLIED = {"self", "rng", "initializer"}
_FORMS = "a name, {name: {option: value}} or {name: value of its first option}"


def accepted_options(target: Any) -> list[str]:
    """Return the option names that a class or function takes by keyword, the first one first."""
    parameters = inspect.signature(target).parameters.values()
    named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    # What a function works on comes without default, and so it is with a layer's width.
    functional = not inspect.isclass(target)
    return [
        p.name
        for p in named
        if p.name not in _SUPPLIED
        and (p.default is not p.empty or p.kind is p.KEYWORD_ONLY or not functional)
    ]


@dataclass(frozen=True)
class ComponentReader:
    """Read what params.yaml says of components.

    Parameters
    ----------
    names : mapping of str to mapping
        The study's own short names of each kind, with their import paths.
    folder : Path, optional
        That of params.yaml, where the user's own modules lie.
    """

    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    folder: Path | None = None

    def read(self, kinds: Sequence[str], value: Any, where: str) -> Component:
        """Read a name or import path, with options.

        Parameters
        ----------
        kinds : sequence of str
            What it may be.
        value : object
            What params.yaml holds.
        where : str
            The key path, for the error.

        Raises
        ------
        StudyError
            If the name or an option does not exist, or an option's value is refused.
        """
        if isinstance(value, Component):
            return value
        name, options = _split(value, where)
        component, target = self._find(kinds, name, where)
        try:
            accepted = accepted_options(target)
        except (TypeError, ValueError):
            raise StudyError(
                f"`{where}` must name a class or function whose arguments Python can tell; "
                f"{component.path} is none."
            ) from None
        if options is None:
            options = {}
        elif not isinstance(options, Mapping):
            if not accepted:
                raise StudyError(f"`{where}.{name}` takes no options; got {quoted(options)}.")
            options = {accepted[0]: options}
        for option in options:
            if option not in accepted:
                raise StudyError(
                    f"`{where}.{name}.{option}` is not an option of {name}. "
                    f"{closest(str(option), accepted) if accepted else 'It takes none.'}"
                )
        made = Component(component.kind, component.name, component.path, dict(options))
        try_component(made, f"{where}.{name}" if options else where)
        return made

    def _find(self, kinds: Sequence[str], name: str, where: str) -> tuple[Component, Any]:
        for kind in kinds:
            if name in TABLES[kind]:
                target = TABLES[kind][name]
                return Component(kind, name, f"{target.__module__}:{target.__qualname__}"), target
        path = next((self.names[k][name] for k in kinds if name in self.names.get(k, {})), name)
        if not is_import_path(path):
            names = [n for kind in kinds for n in (*TABLES[kind], *self.names.get(kind, {}))]
            raise StudyError(
                f"`{where}` must name a known {' or '.join(kinds)}, or an import path like "
                f"my_lab.own:Own; got {quoted(name)}. {closest(name, names)}"
            )
        path, target = load_target(path, where, self.folder)
        if not callable(target):
            raise StudyError(f"`{where}` must name a class or function; {path} is neither.")
        for kind in kinds:
            for known, own in TABLES[kind].items():
                if own is target:
                    return Component(kind, known, path), target
        return Component(kinds[0], path, path), target


def read_names(value: Any) -> dict[str, dict[str, str]]:
    """Read `study.components`: {kind: {short name: import path}}.

    Raises
    ------
    StudyError
        If a kind does not exist, or a name is taken or no import path.
    """
    if not isinstance(value, Mapping):
        raise StudyError(
            f"`study.components` must be {{kind: {{name: path}}}}; got {quoted(value)}."
        )
    for kind, names in value.items():
        if kind not in TABLES:
            raise StudyError(
                f"`study.components.{kind}` is not a kind of component. "
                f"{closest(str(kind), TABLES)}"
            )
        if not isinstance(names, Mapping):
            raise StudyError(
                f"`study.components.{kind}` must be {{name: path}}; got {quoted(names)}."
            )
        for name, path in names.items():
            where = f"study.components.{kind}.{name}"
            if name in TABLES[kind]:
                raise StudyError(f"`{where}` is a reserved name. Choose another.")
            if not isinstance(path, str) or ":" not in path:
                raise StudyError(
                    f"`{where}` must be an import path like my_lab/own.py:Own; got {quoted(path)}."
                )
    return {str(kind): {str(n): p for n, p in names.items()} for kind, names in value.items()}


def _split(value: Any, where: str) -> tuple[str, Any]:
    if isinstance(value, Mapping) and len(value) == 1:
        name, options = next(iter(value.items()))
    else:
        name, options = value, None
    if not isinstance(name, str):
        raise StudyError(f"`{where}` must be {_FORMS}; got {quoted(value)}.")
    return name, options
