"""How far the whole study is and how long the rest will take, on one line of the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import compress, takewhile
from typing import NamedTuple

import pandas as pd
from tqdm import tqdm

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard, known_cards
from pipeline.study.machine import workers_of
from pipeline.study.planning.calibration import calibrate_here, read_costs
from pipeline.study.planning.run_cost import CostModel, timing_seconds
from pipeline.study.plans import foreseen, planned_stages, unfinished
from pipeline.study.project import Project

# Seconds of one core on the machine of benchmarks/RESULTS.md: what a stage takes to start, a
# dataset's figures and tables, and a run's way into MLflow.
_START_S, _DATASET_S, _RUN_S = 3.0, 5.0, 0.04
# What is expected counts as much as so many seconds of what is observed.
_TRUST_S = 30.0


class StudyBar(tqdm):
    """A bar over the expected wall seconds of a study, drawn by one stage, `label`, at a time."""

    def __init__(self, label: str, *, total: float, done: float) -> None:
        super().__init__(
            total=max(total, done),
            initial=done,
            desc=label,
            bar_format="{desc} {percentage:3.0f}% of the study |{bar}|{postfix}",
            file=sys.stderr,
            mininterval=1,
        )
        self._tell()

    def advance(self, seconds: float, left: float | None = None, note: str = "") -> None:
        """Move on by so many expected seconds, whatever they took; tell what is left, and a note.

        What is left is by default what is expected of the rest.
        """
        self.update(seconds)
        self._tell(left, note)

    def _tell(self, left: float | None = None, note: str = "") -> None:
        left = (self.total or 0) - self.n if left is None else left
        clock = self.format_interval(round(max(left, 0.0)))
        self.set_postfix_str(f"{clock} left{note}", refresh=False)
        if not self.disable and self.n in (self.initial, self.total):
            self.refresh()


def later_seconds(
    project: Project, costliest: Mapping[str, float], n_runs: int
) -> dict[str, float]:
    """Return the expected wall seconds of each stage after training, in the order of dvc.yaml.

    Datasets that are not usable have no stage that takes time; `costliest` holds each dataset's
    costliest run, which is what its champion may take. A measurement of step costs that is kept
    counts, too: whether it is, later stages know.
    """
    cards = [card for card in known_cards(project) if card.usable]
    timed = timing_seconds(project, cards, read_costs(project.store.root, 1).start_s)
    return {
        **{f"time {name}": seconds for name, seconds in timed.items()},
        **{f"champion {c.name}": _START_S + costliest.get(c.name, 0.0) for c in cards},
        "sync": 2 * _START_S + _RUN_S * n_runs,
        "report": _START_S + _DATASET_S * len(cards),
    }


def span_of(project: Project, label: str) -> tuple[float, float, float]:
    """Return expected seconds of the whole study, before a stage after training, and of it."""
    walls = {
        card.name: pd.read_parquet(path, columns=["fit_wall_s"])["fit_wall_s"].dropna()
        for card in known_cards(project)
        if (path := project.results(card.name) / "runs.parquet").exists()
    }
    costliest = {name: float(wall.max()) for name, wall in walls.items() if len(wall)}
    later = later_seconds(project, costliest, sum(map(len, walls.values())))
    trained = sum(float(wall.sum()) for wall in walls.values()) / workers_of(project.settings.run)
    earlier = takewhile(lambda name: name != label, later)
    before = trained + sum(later[name] for name in earlier)
    return trained + sum(later.values()), before, later.get(label, 0.0)


def with_steps(project: Project, label: str, steps: Sequence[int]) -> Generator[int]:
    """Pass the equally long steps of a stage after training through, and show the study's bar.

    The stage is named as `later_seconds` names it.
    """
    total, before, own = span_of(project, label)
    with StudyBar(label, total=total, done=before) as bar:
        for number, step in enumerate(steps, start=1):
            yield step
            note = f", {number}/{len(steps)}" if len(steps) > 1 else ""
            bar.advance(own / len(steps), note=note)


@contextmanager
def stage_bar(project: Project, label: str) -> Iterator[None]:
    """Show the study's bar while a stage after training, of one step, runs."""
    for _ in with_steps(project, label, (0,)):
        yield


class _Share(NamedTuple):
    """A dataset's part of the study: worker seconds of all its runs, and of the stored ones.

    `costliest` are those of its longest evaluation run, of which it has `n_runs`.
    """

    total: float
    done: float
    costliest: float
    n_runs: int


class Expectation:
    """What the whole study is expected to take, as it stands while one dataset is trained.

    `costs` are measured, and the other datasets planned, once: meanwhile nobody trains them.
    """

    def __init__(self, project: Project, trained: DatasetCard) -> None:
        cards = [card for card in known_cards(project) if card.usable]
        firsts = [foreseen(project, card)[0] for card in cards]
        self._project, self._trained = project, trained
        self.costs = calibrate_here(project.store.root, firsts, workers_of(project.settings.run))
        self._others = {c.name: self._share(c) for c in cards if c.name != trained.name}

    def _share(self, card: DatasetCard) -> _Share:
        total = done = costliest = 0.0
        stages = planned_stages(self._project, card)
        for specs in (unfinished(planned, {}) for planned in stages.values()):
            seconds = self.costs.seconds(specs)
            total += sum(seconds)
            done += sum(compress(seconds, (s.run_key in self._project.store for s in specs)))
            # Evaluation is the last.
            costliest, n_runs = max(seconds, default=0.0), len(specs)
        return _Share(total, done, costliest, n_runs)

    def now(self) -> tuple[float, float, float]:
        """Return worker seconds of all runs and of the stored ones, and wall seconds after those.

        All runs are those of tuning, every cell and the placebo arm.
        """
        shares = {**self._others, self._trained.name: self._share(self._trained)}
        costliest = {name: share.costliest for name, share in shares.items()}
        n_runs = sum(share.n_runs for share in shares.values())
        later = later_seconds(self._project, costliest, n_runs)
        total, done = sum(s.total for s in shares.values()), sum(s.done for s in shares.values())
        return total, done, sum(later.values())


def remaining_seconds(left: float, finished: float, elapsed: float, costs: CostModel) -> float:
    """Return how long the rest will take.

    Parameters
    ----------
    left, finished : float
        Expected worker seconds of the runs to come, and of those that this stage finished.
    elapsed : float
        Wall seconds since this stage asked for workers.
    costs : CostModel
        What the expectation rests on.

    Notes
    -----
    The expectation is corrected by how this stage really goes, the more the longer it goes:
    the workers' start and the first run, when nothing is finished yet, distort nothing.
    """
    expected = finished / costs.workers
    observed = max(elapsed - costs.start_s, 0.0)
    slower = (_TRUST_S + observed) / (_TRUST_S + expected) if finished else 1.0
    return slower * left / costs.workers


def with_progress(
    expected: Expectation, results: Iterable[RunResult], specs: Sequence[RunSpec], label: str
) -> Generator[RunResult]:
    """Pass the results of runs through and show a bar over the whole study."""
    costs, (total, before, later) = expected.costs, expected.now()
    share = dict(zip((spec.run_key for spec in specs), costs.seconds(specs), strict=True))
    total, finished, began = max(total, before + sum(share.values())), 0.0, time.monotonic()
    with StudyBar(label, total=total / costs.workers + later, done=before / costs.workers) as bar:
        for number, result in enumerate(results, start=1):
            own = share[result.run_key]
            finished += own
            elapsed, rest = time.monotonic() - began, total - before - finished
            left = remaining_seconds(rest, finished, elapsed, costs) + later
            bar.advance(own / costs.workers, left, f", run {number}/{len(specs)}")
            yield result
