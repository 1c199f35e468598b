"""What a study tunes, and what it should tune apart and does not."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.design.arms import arms_of_cells, tuned_apart
from experiments.design.plan import whole_blocks
from experiments.design.study import Study, moves_tuned


def tuning_lines(study: Study) -> Iterator[str]:
    """Yield how much is tuned in each block, and warnings."""
    tune, every = study.tune, whole_blocks(study, 1)
    arms = [arm for arm, _ in arms_of_cells(study, study.datasets[0], every)]
    if arms:
        fields = ", ".join(dict.fromkeys(name for arm in arms for name in arm.ranges))
        length = "" if tune.length == 1 else f" of {tune.length:.3g} of a run's epochs"
        yield (
            f"tuned in each block: {fields}; {tune.trials} trials{length} for each of "
            f"{len(arms)} arms"
        )
    yield from not_tuned_apart(study)


def not_tuned_apart(study: Study) -> Iterator[str]:
    """Yield a warning for each factor that moves the tuned field and is not tuned apart."""
    recipe = study.recipes[study.datasets[0]]
    if not any(r.waits_for_tuning for r in study.recipes.values()) or recipe.tuned is None:
        return
    apart = tuned_apart(study)
    for factor in study.factors:
        if moves_tuned(factor, type(recipe)) and factor.name not in apart:
            yield (
                f"warning: {factor.name} moves the best {recipe.tuned.replace('_', ' ')} and is "
                "not tuned apart: its effect would be that of one level's value. Add it to "
                "study.tune.per, or leave tune.per out."
            )
