"""The training recipe: everything that decides how one network is trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from experiments.component import Component, parse_component
from experiments.errors import StudyError
from nn import warmup
from nn.augmentation import AUGMENTATIONS
from nn.layers import BatchNorm, Dropout
from nn.penalties import PENALTIES

_Fraction = Annotated[float, Field(ge=0, lt=1)]
_Positive = Annotated[float, Field(gt=0)]
_Strength = Annotated[float, Field(ge=0)]


class Recipe(BaseModel):
    """One training recipe; each field can be a factor of a study.

    Parameters
    ----------
    hidden : tuple of int
        Units of the hidden layers, from the input on.
    activation, initializer, loss, optimizer, schedule : Component
        Entries of the tables of `nn`: a name, or {name: {option: value}}. Label smoothing is an
        option of the loss (`{cross_entropy: {label_smoothing: 0.1}}`), decoupled weight decay
        one of the optimizer (`{adamw: {weight_decay: 0.01}}`).
    batch_norm : bool
        Batch normalization of each hidden layer, before the activation.
    learning_rate : float, optional
        Base learning rate; None takes the tuned one, or else the optimizer's default.
    warmup : float
        Epochs over which the learning rate first rises linearly; the schedule gets the rest.
    batch_size, epochs : int
        Examples per step, passes over the training part.
    l1, l2 : float
        Strengths of the penalties l1 * sum(abs(w)) and l2/2 * sum(w**2) on weights.
    dropout : float
        Probability in [0, 1) that a hidden unit is dropped.
    augmentation : tuple of Component
        Applied in order to each batch of training images.
    mixup : float
        Alpha of mixup, which mixes images and labels of a batch after the augmentation.
    clip_norm : float, optional
        Largest norm of the whole gradient.
    max_norm : float, optional
        Largest norm of a unit's incoming weights.
    average : float, optional
        Decay of an exponential moving average of the parameters.
    patience : int, optional
        Stop after so many epochs without a better one.
    validation_fraction : float
        Share of the training images held out to select the learning rate and the epoch.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    hidden: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field()] = (256, 128)
    activation: Component = Component("activation", "relu")
    batch_norm: bool = False
    initializer: Component = Component("initializer", "he_normal")
    loss: Component = Component("loss", "cross_entropy")
    optimizer: Component = Component("optimizer", "sgd")
    learning_rate: Annotated[float, Field(gt=0)] | None = None
    schedule: Component = Component("schedule", "cosine")
    warmup: _Strength = 0.0
    batch_size: Annotated[int, Field(ge=1)] = 128
    epochs: Annotated[int, Field(ge=1)] = 10
    l1: _Strength = 0.0
    l2: _Strength = 0.0
    dropout: _Fraction = 0.0
    augmentation: tuple[Component, ...] = ()
    mixup: _Strength = 0.0
    clip_norm: _Positive | None = None
    max_norm: _Positive | None = None
    average: _Fraction | None = None
    patience: Annotated[int, Field(ge=1)] | None = None
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
        steps = tuple(
            entry
            if isinstance(entry, Component)
            else parse_component("augmentation", entry, where="augmentation")
            for entry in entries
        )
        if any(step.name == "mixup" for step in steps):
            raise StudyError(
                "`augmentation` must hold what works on images alone; got mixup. "
                "Set the recipe's `mixup` to its alpha."
            )
        return steps

    @property
    def components(self) -> tuple[Component, ...]:
        """Every entry of `nn`'s tables that this recipe uses."""
        named = (self.activation, self.initializer, self.loss, self.optimizer, self.schedule)
        return named + self.augmentation

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules of `nn` whose code only recipes like this one use."""
        used = {component.target.__module__ for component in self.components}
        switched = (
            (self.batch_norm, BatchNorm),
            (self.dropout, Dropout),
            (self.l1, PENALTIES["l1"]),
            (self.l2, PENALTIES["l2"]),
            (self.l1 and self.l2, PENALTIES["elastic_net"]),
            (self.mixup, AUGMENTATIONS["mixup"]),
            (self.warmup, warmup),
        )
        used.update(target.__module__ for on, target in switched if on)
        return tuple(sorted(used))

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
