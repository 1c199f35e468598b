"""Every response of a study, computed of what its runs answered."""

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
from pipeline.study.store.stored_answers import answers_in
from pipeline.study.store.table_file import read_table

Responses = Mapping[str, Response]
_PARTS: tuple[Literal["test"], Literal["val"]] = ("test", "val")


def scored(runs: pd.DataFrame, predictions: pd.DataFrame, responses: Responses) -> pd.DataFrame:
    """Add the responses that a run table does not hold, on the test and the validation part.

    Parameters
    ----------
    runs : DataFrame
        The run table of a study.
    predictions : DataFrame
        The predictions table of its runs.
    responses : mapping of str to Response
        What the study judges by, by its column.

    Returns
    -------
    DataFrame
        With a column `test_<name>` and `val_<name>` for each response; NaN for a run that has
        stored no answers.

    Raises
    ------
    StudyError
        If a response cannot judge what the runs predict.
    """
    lacking = [
        (part, f"{part}_{name}", response)
        for column, response in responses.items()
        for name in [split_column(column)[1]]
        for part in _PARTS
        if f"{part}_{name}" not in runs
    ]
    if not lacking:
        return runs
    values: dict[str, dict[str, float]] = {column: {} for _, column, _ in lacking}
    for row in predictions.to_dict("records"):
        for part, column, response in lacking:
            values[column][row["run_key"]] = score(response, *answers_in(row, part))
    return runs.assign(
        **{name: runs["run_key"].map(known).astype(float) for name, known in values.items()}
    )


def read_runs(project: Project, dataset: str) -> pd.DataFrame:
    """Return a dataset's run table with every response of the study."""
    folder = project.results(dataset)
    runs = read_table(folder / "runs.parquet")
    responses = project.study.responses
    if all(f"{p}_{split_column(c)[1]}" in runs for c in responses for p in _PARTS):
        return runs
    return scored(runs, read_table(folder / "predictions.parquet"), responses)


def with_responses(result: RunResult, responses: Responses) -> RunResult:
    """Return a run's result whose metrics hold every response of the study."""
    return replace(result, metrics={**result.metrics, **scores_of(result, responses)})


def scores_of(result: RunResult, responses: Responses) -> dict[str, float]:
    """Return every response of a run on the parts on which it answered, by column."""
    parts = {
        "test": (result.labels, result.outputs),
        "val": (result.validation_labels, result.validation_outputs),
    }
    wanted = [
        (f"{part}_{split_column(column)[1]}", response, answers)
        for column, response in responses.items()
        for part, answers in parts.items()
    ]
    return {
        name: result.metrics[name] if name in result.metrics else score(response, *answers)
        for name, response, answers in wanted
        if name in result.metrics or len(answers[0])
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
