"""How long the stages after training take, and a bar over the study for each of them."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager

import pandas as pd

from pipeline.study.dataset_card import known_cards
from pipeline.study.executors.executor import workers_of
from pipeline.study.planning.calibration import read_costs
from pipeline.study.project import Project
from pipeline.study.running.study_bar import StudyBar
from pipeline.study.timing.length import timing_seconds

# Seconds of one core on the machine of benchmarks/RESULTS.md: what a stage takes to start, a
# dataset's figures and tables, and a run's way into MLflow.
_START_S, _DATASET_S, _RUN_S = 3.0, 5.0, 0.04


def later_seconds(
    project: Project, costliest: Mapping[str, float], n_runs: int
) -> dict[str, float]:
    """Return the expected wall seconds of each stage after training, in the order of dvc.yaml.

    Datasets that are not usable have no stage that takes time. A measurement of step costs that
    is kept counts, too: whether it is, later stages know.

    Parameters
    ----------
    costliest
        Seconds of the costliest run of each dataset: what the champion may take.
    n_runs
        Runs that MLflow will hold.
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
    """Return expected seconds of the whole study, before a stage after training, and of it.

    Without a table of its runs a dataset was not trained. A stage of one that is not usable takes
    no time.
    """
    tables = [project.results(card.name) / "runs.parquet" for card in known_cards(project)]
    walls = {
        path.parent.name: pd.read_parquet(path, columns=["fit_wall_s"])["fit_wall_s"].dropna()
        for path in tables
        if path.exists()
    }
    costliest = {name: float(wall.max()) for name, wall in walls.items() if len(wall)}
    later = later_seconds(project, costliest, sum(map(len, walls.values())))
    trained = sum(float(wall.sum()) for wall in walls.values()) / workers_of(project.settings.run)
    stages = list(later)
    at = stages.index(label) if label in later else len(stages)
    before = trained + sum(later[name] for name in stages[:at])
    return trained + sum(later.values()), before, later.get(label, 0.0)


def with_steps(project: Project, label: str, steps: Sequence[int]) -> Generator[int]:
    """Pass the steps of a stage after training through and show how far the study is.

    The stage is named as `later_seconds` names it; its steps take equally long.
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
