"""What a kind of figure is, and what one dataset's figures are drawn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.analysis import best_cell
from experiments.design.designs import PLACEBO, cell_name
from pipeline.champion.sample_images import Answers, Pictures, answers_of
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.text.measure import Measure

RestsOn = Literal["cells", "highlighted cells", "best cell", "tuning trials", "champion", "timing"]
# The tables with a row per cell, the placebo arm among them.
_BY_CELL = ("cells", "cell_times")


@dataclass(frozen=True, eq=False)
class Exhibits:
    """Images and weights of one dataset; what is unavailable is None.

    Weights, shape (n_inputs, n_units), are the champion's first layer; cell and run key are its
    own.
    """

    pictures: Pictures | None = None
    weights: NDArray[np.floating] | None = None
    cell: str = ""
    run_key: str = ""


@dataclass(frozen=True)
class Material:
    """One dataset's part of a study's results and tables."""

    results: StudyResults
    tables: Tables
    dataset: str
    exhibits: Exhibits

    def of(self, name: str) -> pd.DataFrame:
        """Return the dataset's rows of a table, the placebo arm left out."""
        table = self.tables[name]
        rows = table[table["dataset"] == self.dataset]
        return rows[rows["arm"] == "cell"] if name in _BY_CELL else rows

    def run_keys(self, rests_on: RestsOn) -> list[str]:
        """Return the keys of the runs that a figure is drawn from, sorted."""
        runs, tuning = self.runs, self.results.tuning
        if rests_on == "champion":
            return [self.exhibits.run_key]
        if rests_on == "timing":
            return []
        if rests_on == "tuning trials":
            keys = tuning["run_key"][tuning["dataset"] == self.dataset]
        else:
            some = {"best cell": [self.best_cell or ""], "highlighted cells": self.highlighted}
            wanted = some.get(rests_on, runs["cell"].unique().tolist())
            keys = runs["run_key"][runs["cell"].isin(wanted)]
        return sorted(keys.astype(str))

    @property
    def measure(self) -> Measure:
        """The primary response as it is shown."""
        return self.results.measure

    @property
    def alpha(self) -> float:
        """Intervals cover 1 − alpha."""
        return self.results.study.alpha

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The runs of the dataset's cells."""
        return self.results.cells_of(self.dataset)

    @cached_property
    def best_cell(self) -> str | None:
        """The cell with the best mean response on validation data; None without a finished run."""
        return best_cell(self.of("cells"), sign=self.measure.response.sign)

    @cached_property
    def highlighted(self) -> list[str]:
        """The baseline, the cells with one component added to it, and the best cell."""
        cells, study = self.of("cells"), self.results.study
        names = [
            cell_name(study.factors, {**study.baseline, factor.name: label})
            for factor in study.factors
            for label in factor.labels
        ]
        names += [self.best_cell] if self.best_cell else []
        return [name for name in dict.fromkeys(names) if name in set(cells["cell"])]

    @property
    def tuned(self) -> str:
        """The field that the recipe tunes: "learning_rate"."""
        return str(self.results.study.recipes[self.dataset].tuned)

    @cached_property
    def tuning(self) -> pd.DataFrame:
        """The trials of the tuned field; those of strengths stand at its best."""
        tuning = self.results.tuning
        own = (tuning["tuned"] == self.tuned) & (tuning["arm"] != PLACEBO)
        return tuning[own & (tuning["dataset"] == self.dataset)]

    def answers(self, chosen: pd.Series | bool = True) -> Answers:
        """Return what the finished runs of the dataset's cells, or the chosen ones, answered."""
        ok = (self.runs["status"] == "ok") & chosen
        return answers_of(self.results.predictions, set(self.runs.loc[ok, "run_key"]))

    def class_names(self, answers: Answers) -> list[str]:
        """Return a name for every class that the card knows or an answer holds."""
        names = self.results.cards[self.dataset].class_names
        seen = int(max(answers.labels.max(), answers.guesses.max())) + 1
        return [*names, *(str(i) for i in range(len(names), seen))]


Draw = Callable[[Figure, Material], str | None]


@dataclass(frozen=True)
class Kind:
    """One kind of figure.

    Attributes
    ----------
    name : str
        First part of the file names.
    heading, about : str
        Heading, in which {response} stands for the study's, and how to read the figure.
    rests_on : str
        Which runs it is drawn from, for `Material.run_keys`.
    draw : callable
        Draws on an empty figure, whose height it sets, and returns the caption: n, and what the
        interval is. None where the material does not suffice.
    """

    name: str
    heading: str
    about: str
    rests_on: RestsOn
    draw: Draw


def kind(heading: str, about: str, rests_on: RestsOn) -> Callable[[Draw], Kind]:
    """Return a decorator that makes a figure of a drawing function, which gives it its name."""
    return lambda draw: Kind(draw.__name__, heading, about, rests_on, draw)
