"""The section `study` of params.yaml: from what is written to the fields of a study."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.design.component_reader import ComponentReader, read_names
from experiments.design.dataset_sources import parse_datasets
from experiments.design.factors import Factor, parse_factors
from experiments.design.recipe_reader import RecipeReader, read_trainer
from experiments.design.replicates import parse_duration, parse_looks
from experiments.design.response_reader import read_responses
from experiments.design.rules import parse_rules
from experiments.errors import StudyError, closest, quoted
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.recipe import Recipe

# What may be written and is no field of a study, but what its fields follow from.
WRITTEN = (
    "recipe", "overrides", "alternatives", "exclude", "when", "components", "trainer", "replicates",
    "response",
)  # fmt: skip


def read_section(
    params: Mapping[str, Any], known: Sequence[str], folder: Path | None
) -> dict[str, Any]:
    """Return the fields of the study that a section describes, to be validated as a whole.

    Parameters
    ----------
    params : mapping
        The section.
    known : sequence of str
        The keys that it may have.
    folder : Path, optional
        That of params.yaml: the user's own modules lie there.

    Raises
    ------
    StudyError
        At the first unknown key or name, in one line.
    """
    section = dict(params)
    for required in ("datasets", "factors"):
        if not section.get(required):
            raise StudyError(f"`study.{required}` is missing or empty. Add it to params.yaml.")
    for key in section:
        if key not in known:
            raise StudyError(f"`study.{key}` is not a known key. {closest(str(key), known)}")
    written = {key: section.pop(key) for key in WRITTEN if key in section}
    sources = parse_datasets(section["datasets"])
    components = ComponentReader(read_names(written.get("components", {})), folder)
    trainer: type[Recipe] = NetworkRecipe
    if "trainer" in written:
        trainer = read_trainer(written["trainer"], components)
    reader = RecipeReader(trainer, components)
    factors = parse_factors(section["factors"], written.get("alternatives", {}), reader)
    if isinstance(section.setdefault("tune", {}), Mapping):
        # Tuned separately unless the study says so: whatever moves the tuned field.
        apart = [factor.name for factor in factors if moves_tuned(factor, trainer)]
        section["tune"] = {"per": apart, **section["tune"]}
    if "budget" in section:
        section["budget"] = parse_duration(section["budget"], "study.budget")
    return section | {
        "datasets": list(sources),
        "sources": sources,
        "looks": parse_looks(written.get("replicates", 5), list(sources)),
        "factors": factors,
        "recipes": _recipes(written, list(sources), reader),
        "rules": parse_rules(written.get("exclude", []), written.get("when", []), factors),
        "responses": read_responses(
            written.get("response"),
            regression={spec.task for spec in sources.values()} == {"regression"},
            folder=folder,
        ),
    }


def moves_tuned(factor: Factor, trainer: type[Recipe]) -> bool:
    """Return whether a factor's levels move the best value of the trainer's tuned field."""
    moving = trainer.tuned_with
    return trainer.tuned is not None and (moving is None or bool(factor.fields & moving))


def check_datasets(where: str, names: Iterable[object], datasets: Collection[str]) -> None:
    """Refuse a name that is none of the study's datasets; `where` is the section that holds it."""
    for name in names:
        if name not in datasets:
            raise StudyError(
                f"`{where}.{name}` must name a dataset of the study. {closest(str(name), datasets)}"
            )


def _recipes(
    written: Mapping[str, Any], datasets: Sequence[str], reader: RecipeReader
) -> dict[str, Recipe]:
    """Return each dataset's recipe: the shared one with the dataset's overrides laid over it."""
    base = reader.read(reader.default("study.recipe"), written.get("recipe", {}), "study.recipe")
    overrides = written.get("overrides", {})
    if not isinstance(overrides, Mapping):
        raise StudyError(f"`study.overrides` must be {{dataset: recipe}}; got {quoted(overrides)}.")
    check_datasets("study.overrides", overrides, datasets)
    return {
        name: reader.read(base, overrides.get(name, {}), f"study.overrides.{name}")
        for name in datasets
    }
