"""The study: what is asked, what varies, what is held fixed. Validated once, at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from experiments.errors import StudyError, closest
from experiments.factors import Factor, Level
from experiments.recipe import Recipe

Design = Literal["full", "leave_one_out", "add_one_in", "one_factor", "pairs", "fractional"]
# Equivalence margins in percentage points: a smaller effect does not matter in practice.
MARGINS = {"mnist": 0.1, "fashion_mnist": 0.3, "digits": 0.5}
DEFAULT_MARGIN = 0.5


class Tuning(BaseModel):
    """How the learning rate is chosen: equal trials for each arm, on validation data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per: tuple[str, ...] = ("optimizer",)
    trials: Annotated[int, Field(ge=1)] = 7
    decades: Annotated[float, Field(gt=0, le=6)] = 2.0
    replicates: Annotated[int, Field(ge=1)] = 1


class Study(BaseModel):
    """A design plus a protocol that answers one question."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str = Field(default="main", pattern=r"^[a-z0-9_-]+$")
    question: str = "What does each component do, to accuracy and to runtime?"
    datasets: Annotated[tuple[str, ...], Field(min_length=1)]
    factors: tuple[Factor, ...]
    design: Design = "full"
    exclude: tuple[Mapping[str, str], ...] = ()
    replicates: Annotated[int, Field(ge=1)] = 5
    seed: Annotated[int, Field(ge=0)] = 0
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    response: Literal["test_accuracy", "val_accuracy"] = "test_accuracy"
    margins: Mapping[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    target: Mapping[str, Annotated[float, Field(gt=0, le=1)]] = Field(default_factory=dict)
    recipes: Mapping[str, Recipe]
    tune: Tuning = Tuning()

    @field_validator("target", mode="before")
    @classmethod
    def _target(cls, value: Any, info: ValidationInfo) -> Any:
        """Let one number stand for every dataset; refuse a dataset that is not in the study."""
        datasets = info.data.get("datasets", ())
        if not isinstance(value, Mapping):
            return dict.fromkeys(datasets, value)
        for name in value:
            if name not in datasets:
                raise StudyError(
                    f"`target.{name}` must name a dataset of the study. "
                    f"{closest(str(name), datasets)}"
                )
        return value

    @property
    def baseline(self) -> dict[str, str]:
        """The reference combination: every factor at its null level."""
        return {factor.name: factor.null for factor in self.factors}

    def margin(self, dataset: str) -> float:
        """Return the equivalence margin of a dataset in percentage points."""
        return self.margins.get(dataset, MARGINS.get(dataset, DEFAULT_MARGIN))

    def recipe(self, dataset: str, levels: Mapping[str, str]) -> Recipe:
        """Return the recipe of a cell: the dataset's own with every level laid over it."""
        fields: dict[str, Any] = {}
        for factor in self.factors:
            fields |= factor.level(levels[factor.name]).recipe
        return self.recipes[dataset].with_fields(fields)


def _rule(error: Mapping[str, Any]) -> str:
    """Say one pydantic error in the house's words: the rule, then what came."""
    context, kind = error.get("ctx") or {}, error["type"]
    bounds = {
        "greater_than": "gt",
        "greater_than_equal": "ge",
        "less_than": "lt",
        "less_than_equal": "le",
    }
    if kind in bounds:
        words = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}[bounds[kind]]
        rule = f"must be {words} {context[bounds[kind]]:g}"
    else:
        rule = error["msg"][0].lower() + error["msg"][1:]
    return f"{rule}; got {error['input']!r}."


def _explain(error: ValidationError, prefix: str, fields: Mapping[str, Any]) -> StudyError:
    """Turn pydantic's report into one line about the first fault."""
    first = error.errors()[0]
    path = ".".join([prefix, *(str(part) for part in first["loc"])])
    if first["type"] == "extra_forbidden":
        return StudyError(f"`{path}` is not a known key. {closest(str(first['loc'][-1]), fields)}")
    if first["type"] == "missing":
        return StudyError(f"`{path}` is missing. Add it to params.yaml.")
    inner = (first.get("ctx") or {}).get("error")
    if isinstance(inner, StudyError):
        return StudyError(str(inner).replace(f"`{first['loc'][-1]}", f"`{path}", 1))
    return StudyError(f"`{path}` {_rule(first)}")


def _try_options(recipe: Recipe, where: str) -> None:
    """Build every component once, so that an option out of range is refused now, not later."""
    rng = np.random.default_rng(0)
    for component in recipe.components:
        try:
            if component.kind == "optimizer":
                component.make(1)
            elif component.kind == "schedule":
                component.bound()(0, 10)
            elif component.kind == "initializer":
                component.bound()((2, 2), rng=rng)
            else:
                component.make()
        except (TypeError, ValueError) as error:
            raise StudyError(f"`{where}.{component.kind}` refuses its options: {error}") from None


def _make_recipe(base: Recipe, fields: Any, where: str) -> Recipe:
    if not isinstance(fields, Mapping):
        raise StudyError(f"`{where}` must be a mapping of recipe fields; got {fields!r}.")
    try:
        recipe = base.with_fields(fields)
    except StudyError as error:
        raise StudyError(str(error).replace("`", f"`{where}.", 1)) from None
    except ValidationError as error:
        raise _explain(error, where, Recipe.model_fields) from None
    _try_options(recipe, where)
    return recipe


def _label(value: Any) -> str:
    if isinstance(value, Mapping) and len(value) == 1:
        return str(next(iter(value)))
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
        raise StudyError(f"`{where}` must have two or more different levels; got {labels}.")
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
            _make_recipe(Recipe(), fields, path)
        except StudyError as error:
            # The level's own path says it all: the field bears the factor's name.
            raise StudyError(str(error).replace(f"{path}.{name}", path, 1)) from None
        levels.append(Level(label, fields))
    return Factor(name, tuple(levels), alternative=labels[-1])


def parse_study(params: Mapping[str, Any]) -> Study:
    """Read the `study` section of params.yaml.

    Raises
    ------
    StudyError
        At the first unknown key, unknown name or value out of range, in one line.
    """
    section = dict(params)
    known = [*Study.model_fields, "recipe", "overrides", "alternatives"]
    for required in ("datasets", "factors"):
        if not section.get(required):
            raise StudyError(f"`study.{required}` is missing or empty. Add it to params.yaml.")
    for key in section:
        if key not in known or key == "recipes":
            raise StudyError(f"`study.{key}` is not a known key. {closest(key, known)}")
    datasets, factors = section["datasets"], section["factors"]
    if not isinstance(datasets, list) or len(set(map(str, datasets))) < len(datasets):
        raise StudyError(f"`study.datasets` must be a list of different names; got {datasets!r}.")
    if not isinstance(factors, Mapping):
        raise StudyError(f"`study.factors` must map factors to their levels; got {factors!r}.")
    parsed = tuple(_parse_factor(str(n), v, f"study.factors.{n}") for n, v in factors.items())
    alternatives = section.pop("alternatives", {})
    parsed = tuple(_with_alternative(factor, alternatives) for factor in parsed)
    base = _make_recipe(Recipe(), section.pop("recipe", {}), "study.recipe")
    overrides = section.pop("overrides", {})
    for name in overrides:
        if name not in datasets:
            raise StudyError(
                f"`study.overrides.{name}` must name a dataset of the study. "
                f"{closest(str(name), datasets)}"
            )
    recipes = {
        name: _make_recipe(base, overrides.get(name, {}), f"study.overrides.{name}")
        for name in datasets
    }
    try:
        study = Study(**{**section, "factors": parsed, "recipes": recipes})
    except ValidationError as error:
        raise _explain(error, "study", dict.fromkeys(known)) from None
    for name in study.tune.per:
        if name not in factors:
            raise StudyError(
                f"`study.tune.per` names no factor: {name!r}. {closest(name, factors)}"
            )
    return study


def _with_alternative(factor: Factor, alternatives: Mapping[str, str]) -> Factor:
    label = alternatives.get(factor.name, factor.alternative)
    if label not in factor.labels[1:]:
        raise StudyError(
            f"`study.alternatives.{factor.name}` must be a level other than the null level; "
            f"got {label!r}. {closest(str(label), factor.labels[1:])}"
        )
    return Factor(factor.name, factor.levels, label)
