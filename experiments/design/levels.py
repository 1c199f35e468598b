"""Read factors and recipes from params.yaml: every level is tried before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import ValidationError

from experiments.design.explain import explain
from experiments.design.factors import Factor, Level
from experiments.errors import StudyError, closest
from experiments.run.recipe import Recipe


def _try_options(recipe: Recipe, where: str) -> None:
    """Build every component once, so that an option out of range is refused now, not later."""
    rng = np.random.default_rng(0)
    for component in recipe.components:
        try:
            if component.kind == "schedule":
                component.bound()(0, 10)
            elif component.kind == "initializer":
                component.bound()((2, 2), rng=rng)
            else:
                component.make()
        except TypeError:
            raise StudyError(
                f"`{where}.{component.kind}.{component.name}` has an option of the wrong type; "
                f"got {dict(component.options)}."
            ) from None
        except ValueError as error:
            raise StudyError(f"`{where}.{component.kind}` refuses its options: {error}") from None


def make_recipe(base: Recipe, fields: Any, where: str) -> Recipe:
    """Return a recipe with these fields set, every component tried once.

    Raises
    ------
    StudyError
        If a field or an option is not known or out of range; `where` is the key path.
    """
    if not isinstance(fields, Mapping):
        raise StudyError(f"`{where}` must be a mapping of recipe fields; got {fields!r}.")
    for name, value in fields.items():
        # Python takes true for 1.
        if isinstance(value, bool) and name != "batch_norm" and name in Recipe.model_fields:
            raise StudyError(f"`{where}.{name}` must not be true or false; got {value}.")
    try:
        recipe = base.with_fields(fields)
    except StudyError as error:
        raise StudyError(str(error).replace("`", f"`{where}.", 1)) from None
    except ValidationError as error:
        raise explain(error, where, {"": Recipe.model_fields}) from None
    _try_options(recipe, where)
    return recipe


def _label(value: Any) -> str:
    """Return a level's name when params.yaml gives none.

    Examples
    --------
    >>> _label({"adam": {"beta2": 0.99}}), _label([256, 128]), _label(["shift", {"noise": {}}])
    ('adam', '256-128', 'shift-noise')
    """
    if isinstance(value, Mapping) and len(value) == 1:
        return str(next(iter(value)))
    if isinstance(value, list) and value:
        return "-".join(_label(part) for part in value)
    return str(value)


def _parse_factor(name: str, entries: Any, where: str) -> Factor:
    """Read `[value, …]` or `{label: value, …}`; the first level is the null level.

    The values of a factor that bears a recipe field's name are values of that field; of any
    other factor, mappings of recipe fields.
    """
    if isinstance(entries, list):
        pairs = [(_label(value), value, f"{where}[{i}]") for i, value in enumerate(entries)]
    elif isinstance(entries, Mapping):
        pairs = [(str(label), value, f"{where}.{label}") for label, value in entries.items()]
    else:
        raise StudyError(f"`{where}` must be a list or a mapping of levels; got {entries!r}.")
    labels = [label for label, _, _ in pairs]
    if len(pairs) < 2 or len(set(labels)) < len(labels):
        raise StudyError(
            f"`{where}` must have two or more levels of different names; got {labels}. "
            "Name them: {label: level, …}."
        )
    levels = []
    for label, value, path in pairs:
        own = name in Recipe.model_fields
        if not own and not isinstance(value, Mapping):
            raise StudyError(
                f"`{where}` must be a recipe field or have mappings of recipe fields as levels; "
                f"got {value!r}. {closest(name, Recipe.model_fields)}"
            )
        fields = {name: value} if own else dict(value)
        try:
            make_recipe(Recipe(), fields, path)
        except StudyError as error:
            # The level's own path says it all: the field bears the factor's name.
            raise StudyError(str(error).replace(f"{path}.{name}", path, 1)) from None
        levels.append(Level(label, fields))
    return Factor(name, tuple(levels), alternative=labels[-1])


def parse_factors(entries: Any, alternatives: Any) -> tuple[Factor, ...]:
    """Read the study's `factors`, and `alternatives` for those with more than two levels.

    Raises
    ------
    StudyError
        If a level is not one, or an alternative is none of its factor's levels.
    """
    if not isinstance(entries, Mapping):
        raise StudyError(f"`study.factors` must map factors to their levels; got {entries!r}.")
    if not isinstance(alternatives, Mapping):
        raise StudyError(f"`study.alternatives` must be {{factor: label}}; got {alternatives!r}.")
    parsed = [_parse_factor(str(n), v, f"study.factors.{n}") for n, v in entries.items()]
    for name in alternatives:
        if name not in entries:
            raise StudyError(
                f"`study.alternatives` names no factor: {name!r}. {closest(str(name), entries)}"
            )
    return tuple(_with_alternative(factor, alternatives) for factor in parsed)


def _with_alternative(factor: Factor, alternatives: Mapping[str, Any]) -> Factor:
    label = str(alternatives.get(factor.name, factor.alternative))
    if label not in factor.labels[1:]:
        raise StudyError(
            f"`study.alternatives.{factor.name}` must be a level other than the null level; "
            f"got {label!r}. {closest(label, factor.labels[1:])}"
        )
    return Factor(factor.name, factor.levels, label)
