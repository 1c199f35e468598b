"""Factors and levels: what a study varies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from experiments.design.value_range import Range


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
