"""What training the rest of a study will take: time and disk."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.run.outputs import compact
from experiments.run.recipe import Recipe
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.environment import environment
from pipeline.study.executors.executor import workers
from pipeline.study.planning.afterwards import other_seconds, step_cost_seconds
from pipeline.study.planning.calibration import calibrate, read_costs
from pipeline.study.planning.cost import CostModel, cost_key, passes
from pipeline.study.plans import foreseen, tuning_specs
from pipeline.study.project import Project
from pipeline.study.store.index import Entry
from pipeline.study.store.run_store import encode
from pipeline.study.store.run_tables import HISTORY, METRICS

# A file takes whole blocks of the file system.
_BLOCK = 4096
# CPU seconds of the parent for a run that it stores, and for one that it shows in MLflow, too; the
# workers wait for the processor meanwhile.
_STORED_S, _TRACKED_S = 0.004, 0.06


@dataclass(frozen=True)
class Batch:
    """Runs of one recipe that are to be trained, in one stage."""

    stage: str
    recipe: Recipe
    card: DatasetCard
    n: int


def expected_seconds(batches: Sequence[Batch], costs: CostModel) -> float:
    """Return the wall seconds of all stages, their workers' start included."""
    total = 0.0
    for stage in {batch.stage for batch in batches if batch.n}:
        own = [b for b in batches if b.stage == stage and b.n]
        seconds = [costs.seconds(b.recipe, b.card) for b in own]
        runs = sum(b.n for b in own)
        around = _TRACKED_S if stage.startswith("train") else _STORED_S
        busy = sum(b.n * (s + around) for b, s in zip(own, seconds, strict=True))
        # The last runs of a stage do not keep every worker busy: half a run on average.
        idle = 0.5 * max(seconds) * (1 - 1 / costs.workers)
        total += costs.start_s + busy / min(costs.workers, runs) + idle
    return total


def _made_up(recipe: Recipe, card: DatasetCard, *, tested: bool) -> RunResult:
    rng = np.random.default_rng(0)
    n = card.n_tested if tested else 0
    n_classes = max(len(card.class_names), 2)
    labels = rng.integers(0, n_classes, n).astype(np.uint16)
    # As sure of themselves as a trained network's answers are.
    outputs = np.exp(4 * rng.standard_normal((n, n_classes)))
    return RunResult(
        run_key="0" * 32,
        status="ok",
        reason="",
        identity={"recipe": recipe.identity(), "source_digest": "0" * 64, "seed": 0},
        metrics=dict(zip(METRICS, rng.random(len(METRICS)).tolist(), strict=True)),
        history={name: rng.random(passes(recipe)).tolist() for name in HISTORY},
        labels=labels,
        outputs=compact(outputs / outputs.sum(axis=1, keepdims=True)),
        test_index=np.arange(n) if card.n_test else np.sort(rng.permutation(card.n_train)[:n]),
        environment=environment(),
    )


def expected_bytes(batches: Sequence[Batch], sizes: Mapping[str, Sequence[int]]) -> int:
    """Return the disk space of the runs that are to be stored.

    Parameters
    ----------
    batches : sequence of Batch
        What is to be trained.
    sizes : mapping of str to sequence of int
        File sizes of the stored runs of each stage; a stage without any is judged by one
        made-up run, encoded.
    """
    total, judged = 0.0, {}
    for batch in batches:
        known = sizes.get(batch.stage)
        if not known:
            like = (batch.stage, passes(batch.recipe))
            if like not in judged:
                tested = not batch.stage.startswith("tune")
                judged[like] = [len(encode(_made_up(batch.recipe, batch.card, tested=tested)))]
            known = judged[like]
        total += batch.n * float(np.mean([-(-size // _BLOCK) * _BLOCK for size in known]))
    return round(total)


def _grouped(stage: str, specs: Sequence[RunSpec], card: DatasetCard) -> list[Batch]:
    """Return one batch per recipe object; replicates of a cell share theirs."""
    counts = Counter(id(spec.recipe) for spec in specs)
    recipes = {id(spec.recipe): spec.recipe for spec in specs}
    return [Batch(stage, recipes[key], card, n) for key, n in counts.items()]


def to_train(project: Project, card: DatasetCard, stored: Mapping[str, Entry]) -> list[Batch]:
    """Return what one dataset still needs: its tuning, then its evaluation."""

    def missing(specs: Sequence[RunSpec]) -> list[RunSpec]:
        found = {s.run_key: s for s in specs}
        return [s for k, s in found.items() if k not in stored or stored[k].status == "failed"]

    batches = _grouped(f"tune {card.name}", missing(tuning_specs(project, card)), card)
    return batches + _grouped(f"train {card.name}", missing(foreseen(project, card)), card)


def _sizes(cards: Sequence[DatasetCard], stored: Mapping[str, Entry]) -> dict[str, list[int]]:
    stages = {
        (card.content_hash, streams == "tuning"): f"{kind} {card.name}"
        for card in cards
        for streams, kind in (("tuning", "tune"), ("evaluation", "train"))
    }
    sizes: dict[str, list[int]] = {}
    for entry in stored.values():
        identity = entry.identity
        stage = stages.get((identity["content_hash"], identity["streams"] == "tuning"))
        if stage is not None and entry.status == "ok":
            sizes.setdefault(stage, []).append(entry.size)
    return sizes


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 6000 else f"{seconds / 3600:.1f} hours"


def _volume(size: float) -> str:
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size / 1e3:.0f} kB"


def expectation_lines(
    project: Project,
    cards: Sequence[DatasetCard],
    stored: Mapping[str, Entry],
    *,
    calibrated: bool,
) -> Iterator[str]:
    """Yield what training the rest will take; nothing when there is no rest."""
    batches = [b for card in cards if card.usable for b in to_train(project, card, stored)]
    if not batches:
        return
    n_workers = 1 if project.executor == "in-process" else workers()
    costs, how = read_costs(project.store.root, n_workers), "typical costs, not calibrated"
    if calibrated:
        distinct = {cost_key(b.recipe, b.card, workers=n_workers): b for b in batches}
        wanted = [(batch.recipe, batch.card) for batch in distinct.values()]
        began = time.perf_counter()
        costs = calibrate(project.store.root, wanted, n_workers)
        how = f"calibrated in {time.perf_counter() - began:.1f} s"
    usable = [card for card in cards if card.usable]
    parts = {
        "training": expected_seconds(batches, costs),
        "step costs": step_cost_seconds(project, usable, costs),
        "data, champions, tracking and report": other_seconds(project, usable, costs),
    }
    volume = expected_bytes(batches, _sizes(cards, stored))
    yield (
        f"expected: {_duration(sum(parts.values()))} on {n_workers} workers of this machine "
        f"({how}), {_volume(volume)} of disk"
    )
    named = ", ".join(f"{name} {_duration(part)}" for name, part in parts.items() if part)
    yield f"  {named}"
