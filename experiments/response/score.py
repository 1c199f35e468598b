"""A response of what a run stored: any measure, added at any time, without training."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.errors import StudyError
from experiments.response.response import Response
from experiments.run.outputs import expand


def score(response: Response, truth: NDArray, outputs: NDArray) -> float:
    """Return a response, unscaled, of the answers that a run stored.

    Parameters
    ----------
    response : Response
        What is asked.
    truth : array, shape (n,)
        Class numbers, or numbers.
    outputs : array
        Logarithms of probabilities, shape (n, n_classes), or numbers, shape (n,).

    Returns
    -------
    float
        NaN without an example.

    Raises
    ------
    StudyError
        If the response cannot judge such answers, its code raises, or it returns no number.
    """
    if not len(truth):
        return float("nan")
    if unfit := response_error(response, outputs.ndim == 1):
        raise StudyError(unfit)
    prediction = outputs.astype(np.float64) if outputs.ndim == 1 else expand(outputs)
    try:
        return response.value(truth, prediction)
    except Exception as error:
        raise StudyError(
            f"response {response.name} must return a number for truth {truth.shape} and "
            f"prediction {prediction.shape}; got {type(error).__name__}: {error}. "
            "Correct its function."
        ) from error


def response_error(response: Response, is_regression: bool, where: str = "") -> str:
    """Say why a response cannot judge what is predicted; nothing when it can.

    Examples
    --------
    >>> from experiments.response.response import RESPONSES
    >>> response_error(RESPONSES["rmse"], True)
    ''
    """
    task = "regression" if is_regression else "classification"
    if response.task in (task, "any"):
        return ""
    judged, given = ("classes", "numbers") if is_regression else ("numbers", "classes")
    other = "r2, rmse or mae" if is_regression else "accuracy, macro_f1 or log_loss"
    return (
        f"`study.response` must fit what is predicted; {response.name} judges {judged}, and "
        f"{where or 'the runs'} {'predicts' if where else 'predict'} {given}. Write e.g. {other}."
    )
