"""`knockout check TARGET`: hold what is your own to its contract."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from experiments.design.component_reader import read_names
from experiments.design.import_path import is_import_path, load_target
from experiments.errors import StudyError, closest
from experiments.run.recipe import Recipe
from experiments.run.recipe_contract import check_recipe
from nn.activations.activation import Activation
from nn.checks import check as check_component
from nn.layers.layer import Layer
from nn.losses.loss import Loss
from nn.optimizers.optimizer import Optimizer
from nn.penalties.penalty import Penalty
from pipeline.study.settings import read_yaml

# An activation is a layer, too: the narrower kind comes first.
_CLASSES: Mapping[str, type] = {
    "optimizer": Optimizer,
    "penalty": Penalty,
    "activation": Activation,
    "layer": Layer,
    "loss": Loss,
}
_PARAMETERS = {
    "schedule": ["step", "total_steps"],
    "initializer": ["shape", "rng"],
    "augmentation": ["images", "rng"],
}


def target_lines(target: str, folder: Path) -> Iterator[tuple[str, bool]]:
    """Yield one line for each rule of a component's or a training's contract, and whether it holds.

    The target is an import path, or a short name of `study.components` in the folder's params.yaml.
    """
    kind, path = _named(target, folder)
    path, found = load_target(path, "TARGET", folder)
    if inspect.isclass(found) and issubclass(found, Recipe):
        results: list[Any] = list(check_recipe(_tuned(found)))
        kind = "training"
    else:
        kind = kind or _kind_of(found, path)
        results = check_component(kind, found)
    yield f"{kind} {path}", True
    for result in results:
        yield str(result), result.ok


def _named(target: str, folder: Path) -> tuple[str | None, str]:
    """Return kind and import path of a short name; an import path says nothing of its kind."""
    if is_import_path(target):
        return None, target
    names: dict[str, dict[str, str]] = {}
    if (folder / "params.yaml").exists():
        study = read_yaml(folder / "params.yaml").get("study", {})
        names = read_names(study.get("components", {}))
    for kind, own in names.items():
        if target in own:
            return kind, own[target]
    known = [name for own in names.values() for name in own]
    raise StudyError(
        f"`TARGET` must be an import path like my_lab.signum:Signum, or a name of "
        f"`study.components`; got {target!r}. {closest(target, known) if known else ''}".strip()
    )


def _tuned(recipe: type[Recipe]) -> Recipe:
    plain = recipe()
    return plain.with_tuned({str(plain.tuned): plain.centre()}) if plain.waits_for_tuning else plain


def _kind_of(target: Any, path: str) -> str:
    if inspect.isclass(target):
        for kind, base in _CLASSES.items():
            if issubclass(target, base):
                return kind
        target = target.__call__
    given = [p.name for p in inspect.signature(target).parameters.values() if p.name != "self"]
    for kind, names in _PARAMETERS.items():
        if given[: len(names) - ("rng" in names)] == names[: len(names) - ("rng" in names)]:
            return kind
    raise StudyError(
        f"`TARGET` must be a training or a component of {', '.join((*_CLASSES, *_PARAMETERS))}; "
        f"{path} is none. Derive it from the class of its kind, or name its parameters as its "
        "kind does."
    )
