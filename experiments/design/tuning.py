"""Fair tuning: the same number of quasirandom learning rates for every arm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from experiments.design.plan import arm_label, digest_of, study_cells
from experiments.design.study import Study
from experiments.errors import StudyError
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec


def van_der_corput(i: int) -> float:
    """Return the i-th point (from 0) of the base-2 van der Corput sequence in (0, 1).

    The first point is 1/2, the middle of the range: the one-shot default is trial 0.

    Examples
    --------
    >>> [van_der_corput(i) for i in range(4)]
    [0.5, 0.25, 0.75, 0.125]
    """
    value, step, i = 0.0, 0.5, i + 1
    while i:
        value += step * (i & 1)
        step, i = step / 2, i >> 1
    return value


def trial_rates(default: float, *, trials: int, decades: float) -> list[float]:
    """Return learning rates over `decades` powers of ten around an optimizer's default.

    Every arm gets the same number of trials over the same width of log-space, so that the
    search cannot decide the ranking.

    References
    ----------
    Choi et al. (2019), On Empirical Comparisons of Optimizers for Deep Learning.
    """
    return [default * 10 ** (decades * (van_der_corput(trial) - 0.5)) for trial in range(trials)]


@dataclass(frozen=True)
class Trial:
    """One tuning run and where it stands in the ledger."""

    arm: str
    trial: int
    spec: RunSpec


def tuning_plan(study: Study, dataset: str, content_hash: str) -> Iterator[Trial]:
    """Yield the tuning runs of one dataset: each arm's trials on tuning replicates.

    All factors that are not tuned apart stand at their null level.
    """
    arms: dict[str, dict[str, str]] = {}
    for levels in study_cells(study):
        own = {name: levels[name] for name in study.tune.per}
        arms.setdefault(arm_label(study, levels), {**study.baseline, **own})
    for arm, levels in arms.items():
        recipe = study.recipe(dataset, levels)
        if not recipe.waits_for_tuning:
            continue
        digest = digest_of(recipe)
        rates = trial_rates(
            recipe.centre(),
            trials=study.tune.trials,
            decades=study.tune.decades,
        )
        for trial, rate in enumerate(rates):
            for replicate in range(study.tune.replicates):
                spec = RunSpec(
                    study=study.name,
                    dataset=dataset,
                    cell=arm,
                    arm="tuning",
                    levels=levels,
                    recipe=recipe.with_tuned(rate),
                    replicate=replicate,
                    seed=study.seed,
                    content_hash=content_hash,
                    source_digest=digest,
                )
                yield Trial(arm, trial, spec)


def choose(trials: list[Trial], results: Mapping[str, RunResult]) -> dict[str, float]:
    """Return each arm's learning rate: the highest mean validation accuracy.

    A trial that diverged or failed on any replicate is not chosen; ties go to the lower
    validation loss. An arm whose trials all diverged keeps its default.
    """
    chosen: dict[str, float] = {}
    best: dict[str, tuple[float, float]] = {}
    by_trial: dict[tuple[str, int], list[Trial]] = {}
    for trial in trials:
        by_trial.setdefault((trial.arm, trial.trial), []).append(trial)
    for (arm, number), group in by_trial.items():
        rate = group[0].spec.recipe.tuned_value
        assert rate is not None
        if number == 0:
            chosen.setdefault(arm, rate)
        found = [results[trial.spec.run_key] for trial in group if trial.spec.run_key in results]
        if len(found) < len(group) or any(result.status != "ok" for result in found):
            continue
        if any("val_loss" not in result.metrics for result in found):
            raise StudyError(
                f"`study.recipe.validation_fraction` must be above 0 where "
                f"{group[0].spec.recipe.tuned} is tuned: it is chosen on validation data; got "
                f"{group[0].spec.recipe.validation_fraction:g} on {group[0].spec.dataset}."
            )
        accuracy = sum(result.metrics.get("val_accuracy", 0.0) for result in found) / len(found)
        loss = sum(result.metrics["val_loss"] for result in found) / len(found)
        if arm not in best or (accuracy, -loss) > best[arm]:
            best[arm], chosen[arm] = (accuracy, -loss), rate
    return chosen
