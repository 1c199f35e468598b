"""The training recipe: everything that decides how one network is trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from experiments.component import Component, parse_component

_Fraction = Annotated[float, Field(ge=0, lt=1)]
_Strength = Annotated[float, Field(ge=0)]


class Recipe(BaseModel):
    """One training recipe; each field can be a factor of a study.

    Parameters
    ----------
    hidden : tuple of int
        Units of the hidden layers, from the input on.
    activation, initializer, loss, optimizer, schedule : Component
        Entries of the tables of `nn`.
    learning_rate : float, optional
        Base learning rate; None takes the tuned one, or else the optimizer's default.
    batch_size, epochs : int
        Examples per step, passes over the training part.
    l2 : float
        Strength of the L2 penalty l2/2 * sum(w**2) on weights.
    dropout : float
        Probability in [0, 1) that a hidden unit is dropped.
    augmentation : tuple of Component
        Applied in order to each batch of training images.
    validation_fraction : float
        Share of the training images held out to select the learning rate and the epoch.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    hidden: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field()] = (256, 128)
    activation: Component = Component("activation", "relu")
    initializer: Component = Component("initializer", "he_normal")
    loss: Component = Component("loss", "cross_entropy")
    optimizer: Component = Component("optimizer", "sgd")
    learning_rate: Annotated[float, Field(gt=0)] | None = None
    schedule: Component = Component("schedule", "cosine")
    batch_size: Annotated[int, Field(ge=1)] = 128
    epochs: Annotated[int, Field(ge=1)] = 10
    l2: _Strength = 0.0
    dropout: _Fraction = 0.0
    augmentation: tuple[Component, ...] = ()
    validation_fraction: Annotated[float, Field(gt=0, lt=1)] = 1 / 12

    @field_validator("activation", "initializer", "loss", "optimizer", "schedule", mode="before")
    @classmethod
    def _component(cls, value: Any, info: Any) -> Component:
        if isinstance(value, Component):
            return value
        return parse_component(info.field_name, value, where=info.field_name)

    @field_validator("augmentation", mode="before")
    @classmethod
    def _augmentation(cls, value: Any) -> tuple[Component, ...]:
        if value is None or value == "none":
            return ()
        entries = value if isinstance(value, list | tuple) else [value]
        return tuple(
            entry
            if isinstance(entry, Component)
            else parse_component("augmentation", entry, where="augmentation")
            for entry in entries
        )

    @property
    def components(self) -> tuple[Component, ...]:
        """Every entry of `nn`'s tables that this recipe uses."""
        named = (self.activation, self.initializer, self.loss, self.optimizer, self.schedule)
        return named + self.augmentation

    def as_dict(self) -> dict[str, Any]:
        """Return the recipe as plain values, as params.yaml would write it."""
        plain: dict[str, Any] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Component):
                value = value.as_value()
            elif name == "augmentation":
                value = [component.as_value() for component in value]
            plain[name] = list(value) if isinstance(value, tuple) else value
        return plain

    def with_fields(self, fields: Mapping[str, Any]) -> Recipe:
        """Return a recipe with these fields set, validated."""
        return Recipe(**{**{n: getattr(self, n) for n in type(self).model_fields}, **fields})
