"""What a study tunes, and what it should tune apart and does not."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.design.arms import arms_of_cells, tuned_apart
from experiments.design.plan import whole_blocks
from experiments.design.study import Study, moves_tuned


def tuning_lines(study: Study) -> Iterator[str]:
    """Yield how much is tuned in each block, and warnings."""
    tune, every = study.tune, whole_blocks(study, 1)
    arms = {name: [arm for arm, _ in arms_of_cells(study, name, every)] for name in study.datasets}
    fields = dict.fromkeys(field for own in arms.values() for arm in own for field in arm.ranges)
    if fields:
        length = "" if tune.length == 1 else f" of {tune.length:.3g} of a run's epochs"
        counts = {name: len(own) for name, own in arms.items()}
        each = " or ".join(str(n) for n in sorted(set(counts.values())))
        yield (
            f"tuned in each block: {', '.join(fields)}; {tune.trials} trials{length} for each of "
            f"{each} arms"
        )
    yield from not_tuned_apart(study)


def not_tuned_apart(study: Study) -> Iterator[str]:
    """Yield a warning for each factor that moves the tuned field and is not tuned apart."""
    recipe = study.recipes[study.datasets[0]]
    if not any(r.waits_for_tuning for r in study.recipes.values()) or recipe.tuned is None:
        return
    apart = [set(tuned_apart(study, dataset)) for dataset in study.datasets]
    for factor in study.factors:
        if moves_tuned(factor, type(recipe)) and factor.name not in set.intersection(*apart):
            yield (
                f"warning: {factor.name} moves the best {recipe.tuned.replace('_', ' ')} and is "
                "not tuned apart: its effect would be that of one level's value. Add it to "
                "study.tune.per, or leave tune.per out."
            )
