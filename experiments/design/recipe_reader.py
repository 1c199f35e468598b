"""Read recipes from params.yaml: every field and component is tried before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from experiments.design.component_reader import ComponentReader
from experiments.design.explain import explain
from experiments.design.field_values import check_kind, check_value
from experiments.design.import_path import load_target
from experiments.design.whole_recipe import check_block
from experiments.errors import StudyError, quoted
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.fields import Kind
from experiments.run.recipe import Recipe

_NONE = (None, "none")


@dataclass(frozen=True)
class RecipeReader:
    """Read the fields of a recipe class.

    Parameters
    ----------
    trainer : type of Recipe
        Whose fields a study may set.
    components : ComponentReader
        Reads the fields that hold components.
    """

    trainer: type[Recipe] = NetworkRecipe
    components: ComponentReader = field(default_factory=ComponentReader)

    @property
    def fields(self) -> list[str]:
        """The names of all fields."""
        return list(self.trainer.model_fields)

    def default(self, where: str) -> Recipe:
        """Return the recipe with every field at its default."""
        try:
            return self.trainer()
        except ValidationError as error:
            fault = explain(error, where, {"": self.fields})
            raise StudyError(f"{fault} Every field of a recipe needs a default.") from None

    def read(self, base: Recipe, fields: Any, where: str) -> Recipe:
        """Return a recipe with these fields set, every component tried once.

        Raises
        ------
        StudyError
            If a field or an option is not known or out of range; `where` is the key path.
        """
        if not isinstance(fields, Mapping):
            raise StudyError(f"`{where}` must be a mapping of recipe fields; got {quoted(fields)}.")
        parsed = {name: self._value(name, v, f"{where}.{name}") for name, v in fields.items()}
        try:
            recipe = base.with_fields(parsed)
        except ValidationError as error:
            raise explain(error, where, {"": self.fields}) from None
        except TypeError:
            raise StudyError(
                f"`{where}` must have names as keys; got {quoted(list(fields))}."
            ) from None
        for name, value in recipe.as_dict().items():
            check_value(value, f"{where}.{name}")
        for name, value in parsed.items():
            check_kind(value, getattr(recipe, name), f"{where}.{name}")
        check_block(recipe, where)
        return recipe

    def _value(self, name: str, value: Any, where: str) -> Any:
        """Return what a field holds, its components read."""
        info = self.trainer.model_fields.get(name) if isinstance(name, str) else None
        if info is None:
            return value
        kinds = next((m.names for m in info.metadata if isinstance(m, Kind)), None)
        if kinds is None:
            return value
        if not isinstance(info.default, tuple):
            return self.components.read(kinds, value, where)
        if isinstance(value, str | None) and value in _NONE:
            return ()
        entries = value if isinstance(value, list | tuple) else [value]
        if name == "augmentation" and "mixup" in map(str, entries):
            raise StudyError(
                f"`{where}` must hold what works on images alone; got mixup. "
                "Set the recipe's `mixup` to its alpha."
            )
        several = isinstance(value, list | tuple)
        return tuple(
            self.components.read(kinds, entry, f"{where}[{i}]" if several else where)
            for i, entry in enumerate(entries)
        )


def recipe_from(path: str, fields: Mapping[str, Any]) -> Recipe:
    """Return the recipe of the class `path` that `as_dict` was asked of."""
    reader = RecipeReader(read_trainer(path, ComponentReader()))
    return reader.read(reader.default("recipe"), fields, "recipe")


def read_trainer(path: Any, components: ComponentReader) -> type[Recipe]:
    """Return the recipe class that `study.trainer` names.

    Raises
    ------
    StudyError
        If it names no subclass of `experiments.run.Recipe`.
    """
    if not isinstance(path, str) or ":" not in path:
        raise StudyError(
            f"`study.trainer` must be an import path like my_lab.forest:Forest; got {quoted(path)}."
        )
    name, target = load_target(path, "study.trainer", components.folder)
    if not (isinstance(target, type) and issubclass(target, Recipe)):
        raise StudyError(
            f"`study.trainer` must be a class derived from experiments.run.Recipe; {name} is not."
        )
    missing: frozenset[str] = getattr(target, "__abstractmethods__", frozenset())
    if missing:
        raise StudyError(
            f"`study.trainer` must say how it trains; {name} lacks {', '.join(sorted(missing))}."
        )
    if target.tuned is not None and target.tuned not in target.model_fields:
        raise StudyError(
            f"`study.trainer` must tune one of its fields; {name}.tuned is {target.tuned!r}."
        )
    return target
