"""How a study judges its runs: by every response of what they answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.response import Response, score, split_column
from experiments.run.outputs import expand
from experiments.run.result import RunResult
from pipeline.study.project import Project
from pipeline.study.store.run_tables import answers_in
from pipeline.study.store.table_file import read_table

Responses = Mapping[str, Response]
# Column, part and response of one of a study's measures.
Column = tuple[str, Literal["test", "val"], Response]
_PARTS: tuple[Literal["test"], Literal["val"]] = ("test", "val")


def _columns(responses: Responses) -> list[Column]:
    """Return everything that a study judges by."""
    return [
        (f"{part}_{split_column(column)[1]}", part, response)
        for column, response in responses.items()
        for part in _PARTS
    ]


def lacking(runs: pd.DataFrame, responses: Responses) -> list[Column]:
    """Return the columns of a study's responses that a run table does not hold."""
    return [item for item in _columns(responses) if item[0] not in runs]


def scored(runs: pd.DataFrame, predictions: pd.DataFrame, responses: Responses) -> pd.DataFrame:
    """Add the responses that a run table does not hold, on the test and the validation part.

    The columns are `test_<name>` and `val_<name>` for each response that the study judges by; NaN
    for a run that has stored no answers.

    Raises
    ------
    StudyError
        If a response cannot judge what the runs predict.
    """
    unscored = lacking(runs, responses)
    if not unscored:
        return runs
    values: dict[str, dict[str, float]] = {column: {} for column, *_ in unscored}
    for row in predictions.to_dict("records"):
        for column, part, response in unscored:
            values[column][row["run_key"]] = score(response, *answers_in(row, part))
    return runs.assign(
        **{name: runs["run_key"].map(known).astype(float) for name, known in values.items()}
    )


def read_runs(project: Project, dataset: str) -> pd.DataFrame:
    """Return a dataset's run table with every response of the study."""
    folder, responses = project.results(dataset), project.study.responses
    runs = read_table(folder / "runs.parquet")
    if not lacking(runs, responses):
        return runs
    return scored(runs, read_table(folder / "predictions.parquet"), responses)


def with_responses(result: RunResult, responses: Responses) -> RunResult:
    """Return a run's result whose metrics hold every response of the study."""
    return replace(result, metrics={**result.metrics, **scores_of(result, responses)})


def scores_of(result: RunResult, responses: Responses) -> dict[str, float]:
    """Return every response of a run on the parts on which it answered, by column."""
    answers = {
        "test": (result.labels, result.outputs),
        "val": (result.validation_labels, result.validation_outputs),
    }
    return {
        name: result.metrics[name] if name in result.metrics else score(response, *answers[part])
        for name, part, response in _columns(responses)
        if name in result.metrics or len(answers[part][0])
    }


def example_values(
    runs: pd.DataFrame, predictions: pd.DataFrame, column: str, response: Response
) -> dict[str, NDArray[Any]]:
    """Return the response of every test example of each finished run, by run key.

    Empty where the response is no mean over test examples, or runs of a dataset were tested on
    different ones.
    """
    part, _ = split_column(column)
    if response.each is None or part != "test" or predictions.empty:
        return {}
    found: dict[str, NDArray[Any]] = {}
    ok = runs[runs["status"] == "ok"]
    for _, keys in ok.groupby("dataset", sort=False)["run_key"]:
        rows = predictions[predictions["run_key"].isin(keys)]
        if len(set(rows["test_index"])) != 1:
            continue
        for row in rows.to_dict("records"):
            truth, outputs = answers_in(row)
            # A logarithm orders classes as its probability does, and counts need no more.
            shown = outputs if response.counts or outputs.ndim == 1 else expand(outputs)
            values = np.asarray(response.each(truth, shown))
            found[str(row["run_key"])] = values if values.dtype == bool else values.astype("f4")
    return found
