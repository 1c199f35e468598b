"""What a design says: what is tuned, what is confounded, and what the study can see."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.design.fractional import aliases, generators, resolution
from experiments.design.plan import arms_of_cells, tuned_apart, whole_blocks
from experiments.design.study import Study
from experiments.design.study_section import moves_tuned


def tuning_lines(study: Study) -> Iterator[str]:
    """Yield how much is tuned in each block, and warnings."""
    tune, every = study.tune, whole_blocks(study, 1)
    arms = [[arm for arm, _ in arms_of_cells(study, name, every)] for name in study.datasets]
    fields = dict.fromkeys(field for own in arms for arm in own for field in arm.ranges)
    if fields:
        length = "" if tune.length == 1 else f" of {tune.length:.3g} of a run's epochs"
        each = " or ".join(map(str, sorted({len(own) for own in arms})))
        yield (
            f"tuned in each block: {', '.join(fields)}; {tune.trials} trials{length} for each of "
            f"{each} arms"
        )
    yield from not_tuned_apart(study)


def not_tuned_apart(study: Study) -> Iterator[str]:
    """Yield a warning for each factor that moves the tuned field and is not tuned separately."""
    recipe = study.recipes[study.datasets[0]]
    if not any(r.waits_for_tuning for r in study.recipes.values()) or recipe.tuned is None:
        return
    apart = [set(tuned_apart(study, dataset)) for dataset in study.datasets]
    for factor in study.factors:
        if moves_tuned(factor, type(recipe)) and factor.name not in set.intersection(*apart):
            yield (
                f"warning: {factor.name} moves the best {recipe.tuned.replace('_', ' ')} and is "
                "not tuned separately: its effect would be that of one level's value. Add it to "
                "study.tune.per, or leave tune.per out."
            )


def fraction_lines(study: Study) -> Iterator[str]:
    """Yield the resolution of a fraction, and which effects it cannot tell apart."""
    names = [factor.name for factor in study.factors]
    _, words = generators(names)
    if not words:
        yield "  with so few factors the fraction is the full design"
        return
    yield f"  resolution {resolution(words)}: " + ", ".join(
        f"{name} = {' x '.join(sorted(word))}" for name, word in words.items()
    )
    for group in aliases(names, words):
        yield "  cannot be told apart: " + " = ".join(" x ".join(sorted(p)) for p in group)


def outlook_lines(study: Study) -> Iterator[str]:
    """Yield what each dataset's component effects must be to be found or shown to be absent."""
    title = study.measure.title
    if study.response != "test_accuracy":
        # Spreads in another unit say nothing of it; the report measures the study's own.
        yield f"what can be found is known before training of accuracy alone: not of {title}"
        return
    # SciPy takes longer to import than all else: `knockout check` needs none of it.
    from experiments.design.feasibility import expected_spread, feasibility

    pairs = fewest_pairs(study)
    for outlook in feasibility(
        {
            name: {f.name: expected_spread(name, f.name, n_pairs=pairs) for f in study.factors}
            for name in study.datasets
        },
        looks=study.looks,
        n_comparisons=len(study.datasets) * _compared(study),
        margins={name: study.margin(name) for name in study.datasets},
        alpha=study.alpha,
    ):
        yield from outlook.sentences


def _compared(study: Study) -> int:
    """Return how many levels are compared with their null level; a design may leave some out."""
    cells = study.cells.values()
    return sum(len({levels[f.name] for levels in cells} - {f.null}) for f in study.factors)


def fewest_pairs(study: Study) -> int:
    """Return over how many pairs of cells the least averaged main effect is a mean.

    A fraction has no two cells that differ in one component only: there one half of the cells is
    compared with the other.
    """
    known = {tuple(levels.values()) for levels in study.cells.values()}
    if study.design == "fractional":
        return max(1, len(known) // 2)
    counts = []
    for place, factor in enumerate(study.factors):
        off = [labels for labels in known if labels[place] == factor.null]
        for label in factor.labels[1:]:
            on = ((*labels[:place], label, *labels[place + 1 :]) for labels in off)
            counts.append(sum(labels in known for labels in on))
    # A level that the design does not run has no pair, and no effect either.
    return min(filter(None, counts), default=1)
