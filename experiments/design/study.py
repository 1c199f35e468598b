"""The study: what is asked, what varies, what is held fixed. Validated once, at the edge."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from data_loaders.spec import DatasetSpec
from experiments.design.clashes import check_clashes
from experiments.design.component_reader import ComponentReader, read_names
from experiments.design.contrast_levels import contrast_levels
from experiments.design.dataset_sources import parse_datasets
from experiments.design.designs import DESIGNS, cell_name, cells
from experiments.design.explain import explain
from experiments.design.factors import Factor
from experiments.design.known_datasets import known_dataset
from experiments.design.levels import parse_factors
from experiments.design.recipe_reader import RecipeReader, read_trainer
from experiments.design.replicates import parse_duration, parse_looks
from experiments.design.response_reader import check_margins, read_responses
from experiments.design.rules import Rule, check_rules, parse_rules
from experiments.design.tuning_settings import Tuning
from experiments.design.whole_recipe import check_whole
from experiments.errors import StudyError, closest, quoted
from experiments.response.response import Response
from experiments.run.recipe import Recipe

Design = Literal["full", "leave_one_out", "add_one_in", "one_factor", "pairs", "fractional"]
_MOST_CELLS = 10_000


class Study(BaseModel):
    """A design plus a protocol that answers one question."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str = Field(default="main", pattern=r"^[a-z0-9_-]{1,64}$", strict=True)
    question: Annotated[str, Field(strict=True, max_length=1000)] = (
        "What does each component do, to accuracy and to runtime?"
    )
    note: Annotated[str, Field(strict=True, max_length=4000)] = ""
    datasets: Annotated[tuple[str, ...], Field(min_length=1)]
    sources: Mapping[str, DatasetSpec] = Field(default_factory=dict)
    factors: tuple[Factor, ...]
    design: Design = "full"
    rules: tuple[Rule, ...] = ()
    looks: Mapping[str, tuple[int, ...]] = Field(default_factory=dict)
    budget: float | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63, strict=True)] = 0
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    responses: Annotated[Mapping[str, Response], Field(min_length=1)]
    contrasts: tuple[tuple[str, str], ...] = ()
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
    def tuned_fields(self) -> tuple[str, ...]:
        """The recipe fields that are tuned in each block."""
        waiting = [str(r.tuned) for r in self.recipes.values() if r.waits_for_tuning]
        strengths = [name for f in self.factors for level in f.levels for name in level.ranges]
        return tuple(dict.fromkeys([*waiting, *strengths]))

    @property
    def response(self) -> str:
        """The column of the run table that holds the primary response: `test_accuracy`."""
        return next(iter(self.responses))

    @property
    def measure(self) -> Response:
        """The primary response."""
        return self.responses[self.response]

    @property
    def secondary(self) -> tuple[str, ...]:
        """The columns of the secondary responses."""
        return tuple(self.responses)[1:]

    @property
    def baseline(self) -> dict[str, str]:
        """The reference combination: every factor at its null level."""
        return {factor.name: factor.null for factor in self.factors}

    def margin(self, dataset: str) -> float:
        """Return the equivalence margin of a dataset in the unit of the primary response."""
        usual = self.measure.margin or known_dataset(dataset).margin_pp
        return self.margins.get(dataset, usual)

    def recipe(self, dataset: str, levels: Mapping[str, str]) -> Recipe:
        """Return the recipe of a cell: the dataset's own with every level laid over it."""
        fields: dict[str, Any] = {}
        for factor in self.factors:
            fields |= factor.level(levels[factor.name]).recipe
        return self.recipes[dataset].with_fields(fields)


# What the `study` section may hold, and the fields of `Study` that are worked out from it.
_WRITTEN = (
    "recipe", "overrides", "alternatives", "exclude", "when", "components", "trainer", "replicates",
    "response",
)  # fmt: skip
_DERIVED = ("recipes", "rules", "sources", "looks", "responses")
_KNOWN = [name for name in Study.model_fields if name not in _DERIVED] + list(_WRITTEN)


def parse_study(params: Mapping[str, Any], folder: Path | None = None) -> Study:
    """Read the `study` section of params.yaml.

    Parameters
    ----------
    params : mapping
        The section.
    folder : Path, optional
        That of params.yaml: the user's own modules lie there.

    Raises
    ------
    StudyError
        At the first unknown key, unknown name or value out of range, in one line.
    """
    section = dict(params)
    for required in ("datasets", "factors"):
        if not section.get(required):
            raise StudyError(f"`study.{required}` is missing or empty. Add it to params.yaml.")
    for key in section:
        if key not in _KNOWN:
            raise StudyError(f"`study.{key}` is not a known key. {closest(str(key), _KNOWN)}")
    written = {key: section.pop(key) for key in _WRITTEN if key in section}
    sources = parse_datasets(section["datasets"])
    reader = _reader(written, folder)
    factors = parse_factors(section["factors"], written.get("alternatives", {}), reader)
    if isinstance(section.setdefault("tune", {}), Mapping):
        section["tune"] = {"per": _tuned_apart(factors, reader), **section["tune"]}
    if "budget" in section:
        section["budget"] = parse_duration(section["budget"], "study.budget")
    fields = {
        "datasets": list(sources),
        "sources": sources,
        "looks": parse_looks(written.get("replicates", 5), list(sources)),
        "factors": factors,
        "recipes": _parse_recipes(written, list(sources), reader),
        "rules": parse_rules(written.get("exclude", []), written.get("when", []), factors),
        "responses": read_responses(
            written.get("response"),
            regression={spec.task for spec in sources.values()} == {"regression"},
            folder=folder,
        ),
    }
    try:
        study = Study(**{**section, **fields})
    except ValidationError as error:
        raise explain(error, "study", {"": _KNOWN, "tune": Tuning.model_fields}) from None
    _check_names(study)
    check_margins(study.measure, study.datasets, study.margins)
    contrast_levels(study.contrasts, study.factors)
    _check_size(study)
    planned = DESIGNS[study.design](study.factors)
    check_rules(study.rules, study.factors, planned, study.design)
    found = cells(study.design, study.factors, study.rules)
    check_clashes(study.factors, found)
    for dataset, levels in product(study.datasets, found):
        recipe, where = study.recipe(dataset, levels), f"cell {cell_name(study.factors, levels)}"
        check_whole(recipe, where)
    _check_levels_differ(study)
    return study


def _check_size(study: Study) -> None:
    """Refuse a full design of more cells than anybody runs, before they are listed."""
    count = math.prod(len(factor.levels) for factor in study.factors)
    if study.design == "full" and count > _MOST_CELLS:
        raise StudyError(
            f"`study.design` full must have at most {_MOST_CELLS:,} cells; these levels give "
            f"{count:,}. Use design one_factor, pairs or fractional, or drop levels."
        )


def _check_levels_differ(study: Study) -> None:
    """Refuse a factor of which two levels are the same recipe."""
    for dataset, factor in product(study.datasets, study.factors):
        seen: dict[str, str] = {}
        for label in factor.labels:
            recipe = study.recipe(dataset, {**study.baseline, factor.name: label})
            twin = seen.setdefault(json.dumps(recipe.as_dict()), label)
            if twin != label:
                raise StudyError(
                    f"`study.factors.{factor.name}` must have levels that differ; {twin} and "
                    f"{label} are the same recipe on {dataset}. Drop one: a placebo arm runs in "
                    "every study."
                )


def _reader(written: Mapping[str, Any], folder: Path | None) -> RecipeReader:
    """Return what reads the recipes of the study's trainer, a network by default."""
    components = ComponentReader(read_names(written.get("components", {})), folder)
    if "trainer" in written:
        return RecipeReader(read_trainer(written["trainer"], components), components)
    return RecipeReader(components=components)


def moves_tuned(factor: Factor, trainer: type[Recipe]) -> bool:
    """Return whether a factor's levels move the best value of the trainer's tuned field."""
    moving = trainer.tuned_with
    return trainer.tuned is not None and (moving is None or bool(factor.fields & moving))


def _tuned_apart(factors: Sequence[Factor], reader: RecipeReader) -> list[str]:
    """Return what is tuned apart unless the study says so: whatever moves the tuned field."""
    return [factor.name for factor in factors if moves_tuned(factor, reader.trainer)]


def _parse_recipes(
    written: Mapping[str, Any], datasets: list[str], reader: RecipeReader
) -> dict[str, Recipe]:
    """Return each dataset's recipe: the shared one with the dataset's overrides laid over it."""
    default = reader.default("study.recipe")
    base = reader.read(default, written.get("recipe", {}), "study.recipe")
    overrides = written.get("overrides", {})
    if not isinstance(overrides, Mapping):
        raise StudyError(f"`study.overrides` must be {{dataset: recipe}}; got {quoted(overrides)}.")
    for name in overrides:
        if name not in datasets:
            raise StudyError(
                f"`study.overrides.{name}` must name a dataset of the study. "
                f"{closest(str(name), datasets)}"
            )
    return {
        name: reader.read(base, overrides.get(name, {}), f"study.overrides.{name}")
        for name in datasets
    }


def _check_names(study: Study) -> None:
    names = [factor.name for factor in study.factors]
    also = {f"tune.also.{dataset}": given for dataset, given in study.tune.also.items()}
    for where, given in {"tune.per": study.tune.per, **also}.items():
        if len(set(given)) < len(given):
            raise StudyError(f"`study.{where}` must name each factor once; got {given}.")
        for name in given:
            if name not in names:
                raise StudyError(
                    f"`study.{where}` names no factor: {name!r}. {closest(name, names)}"
                )
    by_dataset = {
        "margins": study.margins,
        "tune.also": study.tune.also,
        "tune.shift": study.tune.shift,
    }
    for where, settings in by_dataset.items():
        for name in settings:
            if name not in study.datasets:
                raise StudyError(
                    f"`study.{where}.{name}` must name a dataset of the study. "
                    f"{closest(name, study.datasets)}"
                )
