"""The recipe: everything that decides how one model is trained."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from data_loaders.scaling import Method
from experiments.run.component import Component
from experiments.run.fields import Off
from experiments.run.task import Task
from experiments.run.trained import Trained


class Recipe(BaseModel, ABC):
    """A training with options: each field can be a factor of a study.

    A subclass declares fields with a type and a default, and says in `train` what they mean.

    Parameters
    ----------
    validation_fraction : float
        Share of the training examples held out to select what is selected; 0 for none.
    scaling : {"standard", "unit", "minmax", "none"}
        How examples are scaled, by constants of the training part: to mean 0 and variance 1,
        divided by 255 (images alone), onto [0, 1], or not at all.

    Notes
    -----
    `tuned` names the numeric field that a study tunes for each arm, None when there is nothing
    to tune; a recipe whose tuned field is None waits for its tuning, and `centre` is the value
    that the trials lie around. `tuned_with` names the fields that move its best value, None for
    all: factors that set one of them are tuned apart unless the study says otherwise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    tuned: ClassVar[str | None] = None
    tuned_with: ClassVar[frozenset[str] | None] = None

    validation_fraction: Annotated[float, Field(ge=0, lt=1)] = 1 / 12
    scaling: Annotated[Method, Off("standard")] = "standard"

    @abstractmethod
    def train(self, task: Task) -> Trained:
        """Train on the task's training part and return the trained model's `predict`.

        All randomness comes from `task.generator` or `task.seed`.
        """

    def centre(self) -> float:
        """Return the usual value of the tuned field.

        Raises
        ------
        NotImplementedError
            If the recipe names a tuned field and no usual value of it.
        """
        raise NotImplementedError(
            f"{type(self).__name__}.centre — must return the usual value of {self.tuned} — is "
            "not written. Define it beside `tuned`."
        )

    @property
    def path(self) -> str:
        """The import path of its class."""
        return f"{type(self).__module__}:{type(self).__qualname__}"

    @property
    def tuned_value(self) -> float | None:
        """The value of the tuned field; None before it is tuned, or when nothing is."""
        return getattr(self, self.tuned) if self.tuned else None

    @property
    def waits_for_tuning(self) -> bool:
        """Whether the tuned field has no value yet."""
        return self.tuned is not None and self.tuned_value is None

    def with_tuned(self, values: Mapping[str, float]) -> Self:
        """Return a recipe whose fields have these values, rounded where they hold whole ones."""
        return self.with_fields({name: self.fitting(name, v) for name, v in values.items()})

    @classmethod
    def is_number(cls, name: str) -> bool:
        """Return whether a field holds one number."""
        kind = _kind(cls, name)
        return ("int" in kind or "float" in kind) and "tuple" not in kind

    @classmethod
    def fitting(cls, name: str, value: float) -> float:
        """Return a value as a field holds it: rounded where it holds whole numbers."""
        return round(value) if "int" in _kind(cls, name) else value

    def shortened(self, share: float) -> Self:
        """Return a recipe for a trial that takes about this share of a run.

        The recipe itself where nothing can be shortened: a subclass with passes over its data
        makes fewer of them.
        """
        return self

    def with_fields(self, fields: Mapping[str, Any]) -> Self:
        """Return a recipe with these fields set, validated."""
        return type(self)(**{**{n: getattr(self, n) for n in type(self).model_fields}, **fields})

    @property
    def components(self) -> tuple[Component, ...]:
        """Everything by name that this recipe uses."""
        values = [getattr(self, name) for name in type(self).model_fields]
        flat = [v for value in values for v in (value if isinstance(value, tuple) else (value,))]
        return tuple(value for value in flat if isinstance(value, Component))

    @property
    def entries(self) -> tuple[str, ...]:
        """The modules that define this recipe and what it uses."""
        own = [cls.__module__ for cls in type(self).__mro__ if issubclass(cls, Recipe)]
        return tuple(sorted({*own, *(component.module for component in self.components)}))

    def as_dict(self) -> dict[str, Any]:
        """Return all fields as plain values, as params.yaml would write them."""
        return {name: _plain(getattr(self, name)) for name in type(self).model_fields}

    def identity(self) -> dict[str, Any]:
        """Return the class and the fields that are on, as plain values."""
        fields = type(self).model_fields
        off = {n: m.value for n, f in fields.items() for m in f.metadata if isinstance(m, Off)}
        on = {n: v for n, v in self.as_dict().items() if n not in off or v != _plain(off[n])}
        return {"trainer": self.path, **on}


@cache
def _kind(recipe: type[Recipe], name: str) -> str:
    """Return a field's annotation as text; nothing for a field that there is not."""
    field = recipe.model_fields.get(name)
    return str(field.annotation) if field else ""


def _plain(value: Any) -> Any:
    if isinstance(value, Component):
        return value.as_value()
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
