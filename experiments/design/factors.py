"""Factors and levels: what a study varies, and how params.yaml writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from experiments.design.recipe_reader import RecipeReader
from experiments.design.value_range import Range, parse_range
from experiments.errors import StudyError, closest
from experiments.run.recipe import Recipe


@dataclass(frozen=True)
class Level:
    """One value of a factor.

    Parameters
    ----------
    label : str
        The name shown in tables and figures, unique within the factor.
    recipe : mapping
        The recipe fields that this level sets; the middle of those that have a range.
    ranges : mapping
        The fields whose value each block tunes, and between which ends.
    """

    label: str
    recipe: Mapping[str, Any]
    ranges: Mapping[str, Range] = field(default_factory=dict)


@dataclass(frozen=True)
class Factor:
    """What is varied; a component that can be switched is a factor with a null level.

    Parameters
    ----------
    name : str
        The name shown in tables and figures.
    levels : tuple of Level
        At least two; the first is the null level ("off").
    alternative : str
        The label that stands for "on" in two-level designs.
    """

    name: str
    levels: tuple[Level, ...]
    alternative: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of all levels, the null level first."""
        return tuple(level.label for level in self.levels)

    @property
    def null(self) -> str:
        """The label of the null level."""
        return self.levels[0].label

    @property
    def has_ranges(self) -> bool:
        """Whether a level of it leaves a value to the tuning."""
        return any(level.ranges for level in self.levels)

    @property
    def fields(self) -> frozenset[str]:
        """The recipe fields that its levels set."""
        return frozenset(name for level in self.levels for name in level.recipe)

    def level(self, label: str) -> Level:
        """Return the level with this label.

        Raises
        ------
        KeyError
            If the factor has no such level.
        """
        for level in self.levels:
            if level.label == label:
                return level
        raise KeyError(f"{self.name} has no level {label!r}; it has {', '.join(self.labels)}")


def parse_factors(entries: Any, alternatives: Any, reader: RecipeReader) -> tuple[Factor, ...]:
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
    parsed = [_parse_factor(str(n), v, f"study.factors.{n}", reader) for n, v in entries.items()]
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


def _label(value: Any) -> str:
    """Return a level's name when params.yaml gives none.

    Examples
    --------
    >>> _label({"adam": {"beta2": 0.99}}), _label([256, 128]), _label(["shift", {"noise": {}}])
    ('adam', '256-128', 'shift-noise')
    >>> _label({"my_lab.signum:Signum": {"beta": 0.9}})
    'Signum'
    """
    if isinstance(value, Mapping) and len(value) == 1:
        return _label(next(iter(value)))
    if isinstance(value, list) and value:
        return "-".join(_label(part) for part in value)
    return value.rpartition(":")[2] if isinstance(value, str) else str(value)


def _parse_factor(name: str, entries: Any, where: str, reader: RecipeReader) -> Factor:
    """Read `[value, …]` or `{label: value, …}`; the first level is the null level.

    A value of a number's field may be a range, `{log: [low, high]}`, from which each block tunes
    its own.

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
    levels, base = [], reader.default(where)
    for label, value, path in pairs:
        own = name in reader.fields
        if not own and not isinstance(value, Mapping):
            raise StudyError(
                f"`{where}` must be a recipe field or have mappings of recipe fields as levels; "
                f"got {value!r}. {closest(name, reader.fields)}"
            )
        fields = {name: value} if own else dict(value)
        try:
            levels.append(_read_level(label, fields, path, base, reader))
        except StudyError as error:
            if not own:
                raise
            # The level's own path says it all: its one field has the factor's name.
            raise StudyError(str(error).replace(f"{path}.{name}", path, 1)) from None
    if levels[0].ranges:
        raise StudyError(
            f"`{pairs[0][2]}` must be one value: the null level is what the others are compared "
            f"with; got {pairs[0][1]!r}."
        )
    return Factor(name, tuple(levels), alternative=labels[-1])


def _read_level(
    label: str, fields: Mapping[str, Any], where: str, base: Recipe, reader: RecipeReader
) -> Level:
    """Return a level whose ranges were tried at both ends; its recipe has their usual values."""
    parsed = {name: parse_range(value, f"{where}.{name}") for name, value in fields.items()}
    ranges: dict[str, Range] = {name: found for name, found in parsed.items() if found}
    trainer = reader.trainer
    for name, found in ranges.items():
        if name in reader.fields and not trainer.is_number(name):
            raise StudyError(
                f"`{where}.{name}` must be a field that holds a number to have a range; got "
                f"{fields[name]!r}. Write one value."
            )
        for end in (found.low, found.high):
            reader.read(base, {name: trainer.fitting(name, end)}, where)
    usual = {name: trainer.fitting(name, found.usual) for name, found in ranges.items()}
    recipe = reader.read(base, {**fields, **usual}, where)
    return Level(label, {name: getattr(recipe, name) for name in fields}, ranges)
