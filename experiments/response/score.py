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
    response.check_task(regression=outputs.ndim == 1)
    prediction = outputs.astype(np.float64) if outputs.ndim == 1 else expand(outputs)
    try:
        return response.value(truth, prediction)
    except Exception as error:
        raise StudyError(
            f"response {response.name} must return a number for truth {truth.shape} and "
            f"prediction {prediction.shape}; got {type(error).__name__}: {error}. "
            "Correct its function."
        ) from error
