"""The study: what is asked, what varies, what is held fixed. Validated once, at the edge."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
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
from experiments.design.contrast_levels import Switch, contrast_levels
from experiments.design.designs import DESIGNS, PLACEBO, Levels, cell_name, cells, check_size
from experiments.design.explain import explain
from experiments.design.factors import Factor
from experiments.design.known_datasets import known_dataset
from experiments.design.response_reader import check_margins
from experiments.design.rules import Rule, check_rules
from experiments.design.study_section import WRITTEN, check_datasets, read_section
from experiments.design.tuning_settings import Tuning
from experiments.design.whole_recipe import check_whole
from experiments.errors import StudyError, closest
from experiments.response.response import Response
from experiments.run.recipe import Recipe

Design = Literal["full", "leave_one_out", "add_one_in", "one_factor", "pairs", "fractional"]


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
        check_datasets("target", value, datasets)
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
    def baseline(self) -> Levels:
        """The reference combination: every factor at its null level."""
        return {factor.name: factor.null for factor in self.factors}

    @cached_property
    def cells(self) -> Mapping[str, Levels]:
        """Every cell of the design by its name, the baseline always; last the placebo arm."""
        found = cells(self.design, self.factors, self.rules)
        listed = found if self.baseline in found else [self.baseline, *found]
        named = {cell_name(self.factors, levels): levels for levels in listed}
        return named | {PLACEBO: self.baseline}

    @cached_property
    def asked(self) -> list[Switch]:
        """The contrasts, each with its factor; every level is compared with its null level too."""
        return contrast_levels(self.contrasts, self.factors)

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


# Fields of `Study` that follow from what is written.
_DERIVED = ("recipes", "rules", "sources", "looks", "responses")
_KNOWN = [name for name in Study.model_fields if name not in _DERIVED] + list(WRITTEN)


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
    fields = read_section(params, _KNOWN, folder)
    try:
        study = Study(**fields)
    except ValidationError as error:
        raise explain(error, "study", {"": _KNOWN, "tune": Tuning.model_fields}) from None
    _check_names(study)
    check_margins(study.measure, study.datasets, study.margins)
    contrast_levels(study.contrasts, study.factors)
    check_size(study.design, study.factors)
    planned = DESIGNS[study.design](study.factors)
    check_rules(study.rules, study.factors, planned, study.design)
    check_clashes(study.factors, cells(study.design, study.factors, study.rules))
    for dataset, (name, levels) in product(study.datasets, study.cells.items()):
        check_whole(study.recipe(dataset, levels), f"cell {name}")
    _check_levels_differ(study)
    return study


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


def _check_names(study: Study) -> None:
    """Refuse what names no factor or dataset of the study, or a factor twice."""
    tune, names = study.tune, [factor.name for factor in study.factors]
    also = {f"tune.also.{dataset}": given for dataset, given in tune.also.items()}
    for where, given in {"tune.per": tune.per, **also}.items():
        if len(set(given)) < len(given):
            raise StudyError(f"`study.{where}` must name each factor once; got {given}.")
        for name in given:
            if name not in names:
                raise StudyError(
                    f"`study.{where}` names no factor: {name!r}. {closest(name, names)}"
                )
    check_datasets("study.margins", study.margins, study.datasets)
    check_datasets("study.tune.also", tune.also, study.datasets)
    check_datasets("study.tune.shift", tune.shift, study.datasets)
