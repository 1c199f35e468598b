"""`knockout check [TARGET]`: validate the study and its data, or hold your own to its contract.

What tries a component or reads data takes longer to import than the rest: it is imported there.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from experiments.design.component_reader import read_names
from experiments.design.import_path import is_import_path, load_target
from experiments.errors import StudyError, closest
from experiments.run.recipe import Recipe
from nn import Activation, Layer, Loss, Optimizer, Penalty
from pipeline.study.planning.design_lines import not_tuned_apart
from pipeline.study.project import Project
from pipeline.study.settings import read_yaml

# An activation is a layer, too: the narrower kind comes first.
_CLASSES: dict[str, type] = {
    "optimizer": Optimizer,
    "penalty": Penalty,
    "activation": Activation,
    "layer": Layer,
    "loss": Loss,
}
# Of functions, what they work on; `rng` goes by its name.
_WORK_ON = {
    "schedule": ["step", "total_steps"],
    "initializer": ["shape"],
    "augmentation": ["images"],
}


def study_lines(project: Project) -> Iterator[str]:
    """Yield that the study is valid: it was validated when it was opened, its own data are now."""
    study = project.study
    own = {n: spec for n, spec in study.sources.items() if not (spec.builtin or spec.openml)}
    if own:
        from data_loaders.load import load
        from experiments.design.response_reader import check_responses
        from experiments.design.shapes import check_shape

        for name, spec in own.items():
            dataset = load(spec, folder=project.root)
            check_shape(study, name, dataset.x.shape[1:])
            check_responses(study.responses, name, regression=dataset.is_regression)
    file = f"{project.declared}.yaml" if project.declared else "params.yaml"
    yield f"{file} is valid: study {study.name}, datasets {', '.join(study.datasets)}"
    yield from not_tuned_apart(study)


def target_lines(target: str, folder: Path) -> Iterator[tuple[str, bool]]:
    """Yield one line for each rule of a component's or a training's contract, and whether it holds.

    The target is an import path, or a short name of `study.components` in the folder's params.yaml.
    """
    from experiments.run.recipe_contract import check_recipe
    from nn.checks import check as check_component

    kind, path = _named(target, folder)
    path, found = load_target(path, "TARGET", folder)
    results: list[Any]
    if inspect.isclass(found) and issubclass(found, Recipe):
        kind, results = "training", list(check_recipe(_tuned(found)))
    else:
        kind = kind or _kind_of(found, path)
        results = check_component(kind, found)
    yield f"{kind} {path}", True
    yield from ((str(result), result.ok) for result in results)


def _named(target: str, folder: Path) -> tuple[str, str]:
    """Return kind and import path of a short name; an import path says nothing of its kind."""
    if is_import_path(target):
        return "", target
    params = folder / "params.yaml"
    known: list[str] = []
    if params.exists():
        names = read_names(read_yaml(params).get("study", {}).get("components", {}))
        for kind, own in names.items():
            if target in own:
                return kind, own[target]
            known += own
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
    given = [name for name in inspect.signature(target).parameters if name != "self"]
    for kind, names in _WORK_ON.items():
        if given[: len(names)] == names:
            return kind
    raise StudyError(
        f"`TARGET` must be a training or a component of {', '.join((*_CLASSES, *_WORK_ON))}; "
        f"{path} is none. Derive it from the class of its kind, or name its parameters as its "
        "kind does."
    )
