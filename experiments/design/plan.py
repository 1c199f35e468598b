"""The plan: the ordered list of runs that a study consists of, each tuned with its arm."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from experiments.design.designs import PLACEBO, Levels, cell_name
from experiments.design.run_source import digest_of
from experiments.design.study import Study
from experiments.design.value_range import Range
from experiments.run.recipe import Recipe
from experiments.run.run_spec import RunSpec, State

Place = tuple[str, int]  # an arm's label and a block
# The values that an arm takes in a block; None when all its trials diverged or failed.
Choices = Mapping[Place, Mapping[str, float] | None]


@dataclass(frozen=True)
class TuningArm:
    """Cells that are tuned as one.

    Parameters
    ----------
    label : str
        The name of the cell that stands for them, or that of the placebo arm.
    levels : mapping
        Its levels: factors that are not tuned apart stand at their null level.
    recipe : Recipe
        Its recipe, with every range at its usual value.
    ranges : mapping
        The fields that it tunes, and between which ends; empty when there is nothing to tune.
    base : TuningArm, optional
        The arm without strengths whose values it takes over: a strength is tuned at the rate
        that was chosen without it.
    """

    label: str
    levels: Levels
    recipe: Recipe
    ranges: Mapping[str, Range]
    base: TuningArm | None = None

    @property
    def usual(self) -> dict[str, float]:
        """The usual value of everything that is tuned, its base's included."""
        inherited = self.base.usual if self.base else {}
        own = {name: self.recipe.fitting(name, r.usual) for name, r in self.ranges.items()}
        return inherited | own

    @cached_property
    def purpose(self) -> str:
        """What the stream of its trials is for, the same in every block."""
        # Never the label: another study, or a further level, may call the same arm something else.
        return f"trials of {json.dumps(self.recipe.identity(), sort_keys=True)}"


def tuned_apart(study: Study, dataset: str) -> list[str]:
    """Return the factors tuned apart on a dataset: as `tune` names them, and those with a range."""
    named = (*study.tune.per, *study.tune.also.get(dataset, ()))
    return [f.name for f in study.factors if f.name in named or f.has_ranges]


def arm_of(study: Study, dataset: str, cell: str) -> TuningArm:
    """Return the arm that a cell of the study, by its name, belongs to."""
    levels, apart = study.cells[cell], tuned_apart(study, dataset)
    shared = {**study.baseline, **{factor: levels[factor] for factor in apart}}
    plain = {f.name: f.null for f in study.factors if f.level(shared[f.name]).ranges}
    base = _arm(study, dataset, {**shared, **plain}, cell)
    return _arm(study, dataset, shared, cell, base) if plain else base


def _arm(
    study: Study, dataset: str, levels: Levels, cell: str, base: TuningArm | None = None
) -> TuningArm:
    """Return the arm of these levels: of their strengths beside a base, else of the rate."""
    recipe, ranges = study.recipe(dataset, levels), dict[str, Range]()
    for factor in study.factors:
        ranges |= factor.level(levels[factor.name]).ranges
    if base is None and recipe.waits_for_tuning:
        assert recipe.tuned is not None
        shift = study.tune.shift.get(dataset, 0.0)
        ranges[recipe.tuned] = Range.around(recipe.centre(), study.tune.decades, shift)
    label = PLACEBO if cell == PLACEBO else cell_name(study.factors, levels)
    return TuningArm(label, levels, recipe, ranges, base if base and base.ranges else None)


def arms_of_cells(
    study: Study, dataset: str, blocks: Mapping[str, int]
) -> list[tuple[TuningArm, int]]:
    """Return the arms that have something to tune, each with how many blocks its cells have.

    An arm stands behind its base.
    """
    found: dict[str, tuple[TuningArm, int]] = {}
    for name in study.cells:
        own = arm_of(study, dataset, name)
        for arm in (own.base, own):
            if arm is None or not arm.ranges or not blocks.get(name, 0):
                continue
            before = found.get(arm.label, (arm, 0))[1]
            found[arm.label] = arm, max(blocks[name], before)
    return list(found.values())


def values_of(
    arm: TuningArm, choices: Choices, replicate: int
) -> tuple[Mapping[str, float], State]:
    """Return an arm's tuned values in a block, or the usual ones, and why."""
    if not arm.ranges:
        return {}, "ready"
    if arm.base and choices.get((arm.base.label, replicate), {}) is None:
        return arm.usual, "not_tuned"
    if (arm.label, replicate) not in choices:
        return arm.usual, "waits"
    chosen = choices[arm.label, replicate]
    return (arm.usual, "not_tuned") if chosen is None else (chosen, "ready")


def whole_blocks(study: Study, n_blocks: int) -> dict[str, int]:
    """Return every cell with this number of blocks, the placebo arm among them."""
    return dict.fromkeys(study.cells, n_blocks)


def plan(
    study: Study,
    dataset: str,
    content_hash: str,
    choices: Choices,
    blocks: Mapping[str, int],
) -> Iterator[RunSpec]:
    """Yield the evaluation runs of one dataset, block by block, the placebo arm's last.

    Parameters
    ----------
    study : Study
        The validated study.
    dataset : str
        One of its datasets.
    content_hash : str
        Hash of the dataset's decoded arrays.
    choices : mapping
        The tuned values of each arm in each block; the runs of an arm that has none yet wait,
        and those of an arm none of whose trials came through are not tuned.
    blocks : mapping
        Cell → in how many blocks it is run.
    """
    cells = [
        (name, levels, study.recipe(dataset, levels), arm_of(study, dataset, name))
        for name, levels in study.cells.items()
        if blocks.get(name, 0)
    ]
    digests = [digest_of(recipe) for _, _, recipe, _ in cells]
    for replicate in range(max(blocks.values(), default=0)):
        for (name, levels, recipe, arm), digest in zip(cells, digests, strict=True):
            if replicate >= blocks[name]:
                continue
            tuned, state = values_of(arm, choices, replicate)
            yield RunSpec(
                study=study.name,
                dataset=dataset,
                cell=name,
                arm="placebo" if name == PLACEBO else "cell",
                levels=levels,
                recipe=recipe.with_tuned(tuned) if tuned and state == "ready" else recipe,
                replicate=replicate,
                seed=study.seed,
                content_hash=content_hash,
                source_digest=digest,
                tuned=tuned,
                state=state,
            )
