"""Responses: what a run is judged by, with its direction and its unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.errors import StudyError, closest
from experiments.response import scores

Score = Callable[[NDArray[Any], NDArray[Any]], Any]
PARTS = ("test", "val")
# Names become the ends of columns and of metrics.
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TOP = re.compile(r"top_([1-9][0-9]?)")


@dataclass(frozen=True)
class Response:
    """A function of truth and prediction, and how its values are read.

    Attributes
    ----------
    name : str
        Name in params.yaml and, after `test_` or `val_`, in the run table.
    title : str
        Name in tables and sentences, lower case.
    of : callable, optional
        (truth, prediction) → number. Classification: truth holds class numbers, shape (n,), the
        prediction probabilities, shape (n, n_classes). Regression: both (n,).
    each : callable, optional
        The same per example, shape (n,), where the response is a mean over examples: then `of`
        may be left out, and intervals for other test examples can be given.
    unit : str
        Unit of a value times `scale`; "%" for shares, empty for bare numbers.
    better : {"higher", "lower"}
        Which of two values is the better one.
    scale : float
        What a stored value is multiplied by before it is shown.
    task : {"classification", "regression", "any"}
        What it can judge.
    margin : float, optional
        Difference that does not matter, in the shown unit, where a study names none. Shares
        have their dataset's; without either a study must name one.
    counts : bool
        Whether a value is the share of test examples that a run got right, so that few examples
        limit what it can resolve.
    decimals : int
        Decimals of a value that is shown without an interval.

    Raises
    ------
    StudyError
        If the name is none, or neither `of` nor `each` is given.
    """

    name: str
    title: str
    of: Score | None = None
    each: Score | None = None
    unit: str = ""
    better: Literal["higher", "lower"] = "higher"
    scale: float = 1.0
    task: Literal["classification", "regression", "any"] = "any"
    margin: float | None = None
    counts: bool = False
    decimals: int = 4

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise StudyError(
                f"Response.name must be lower-case letters, digits and _; got {self.name!r}. "
                "Write e.g. kappa."
            )
        if self.of is None and self.each is None:
            raise StudyError(
                f"Response {self.name} must have `of` or `each`; got neither. Give the function."
            )
        if self.better not in ("higher", "lower"):
            raise StudyError(
                f"Response {self.name} must be better when higher or lower; got {self.better!r}."
            )

    def value(self, truth: NDArray[Any], prediction: NDArray[Any]) -> float:
        """Return the response of a prediction, unscaled."""
        if self.of is not None:
            return float(self.of(truth, prediction))
        assert self.each is not None
        return float(np.mean(self.each(truth, prediction)))

    def check_task(self, *, regression: bool, where: str = "the study") -> None:
        """Refuse predictions that this response cannot judge.

        Raises
        ------
        StudyError
            If it judges classes and numbers are predicted, or the other way round.
        """
        if self.task in ("any", "regression" if regression else "classification"):
            return
        given, other = "classes", "accuracy, macro_f1 or log_loss"
        if regression:
            given, other = "numbers", "r2, rmse or mae"
        raise StudyError(
            f"`study.response` must fit what is predicted; {self.name} is for {self.task}, and "
            f"{where} has {given}. Write e.g. {other}."
        )

    @property
    def sign(self) -> int:
        """+1 where higher is better, −1 where lower is."""
        return 1 if self.better == "higher" else -1

    @property
    def difference_unit(self) -> str:
        """Unit of a difference of two values: percentage points for shares."""
        return "pp" if self.unit == "%" else self.unit


def top_k(k: int) -> Response:
    """Return the share of examples whose true class is among the k most probable ones."""
    return Response(
        f"top_{k}", f"top-{k} accuracy", counts=True, **_PERCENT,
        each=lambda truth, probabilities: scores.top_k_hits(truth, probabilities, k),
    )  # fmt: skip


_PERCENT: dict[str, Any] = {
    "unit": "%", "scale": 100.0, "task": "classification", "decimals": 2,
}  # fmt: skip
_CLASSES: dict[str, Any] = {"better": "lower", "task": "classification"}
_NUMBERS: dict[str, Any] = {"task": "regression"}
_ALL = (
    Response("accuracy", "accuracy", each=scores.hits, counts=True, **_PERCENT),
    Response("balanced_accuracy", "balanced accuracy", scores.balanced_accuracy, **_PERCENT),
    Response("macro_f1", "macro F1", scores.macro_f1, **_PERCENT),
    top_k(3),
    top_k(5),
    Response(
        "log_loss", "log loss", each=scores.log_losses, unit="nats", margin=0.01, **_CLASSES
    ),
    Response("brier", "Brier score", each=scores.brier_scores, margin=0.005, **_CLASSES),
    Response("ece", "expected calibration error", scores.calibration_error, better="lower",
             **_PERCENT),
    Response("r2", "R²", scores.r2, margin=0.01, **_NUMBERS),
    Response("rmse", "RMSE", scores.rmse, better="lower", **_NUMBERS),
    Response("mae", "mean absolute error", each=scores.absolute_errors, better="lower",
             **_NUMBERS),
)  # fmt: skip
RESPONSES = {response.name: response for response in _ALL}


def built_in(name: str, where: str = "study.response") -> Response:
    """Return a built-in response; `top_K` has any K from 1 to 99.

    Raises
    ------
    StudyError
        If there is none of this name.

    Examples
    --------
    >>> built_in("log_loss").better, built_in("top_2").title
    ('lower', 'top-2 accuracy')
    """
    if name in RESPONSES:
        return RESPONSES[name]
    if found := _TOP.fullmatch(name):
        return top_k(int(found[1]))
    raise StudyError(
        f"`{where}` must name a response or an import path; got {name!r}. "
        f"{closest(name, RESPONSES)}"
    )


def split_column(column: str) -> tuple[str, str]:
    """Return part and response of a column of the run table; a bare name is of the test part.

    Examples
    --------
    >>> split_column("val_log_loss"), split_column("macro_f1")
    (('val', 'log_loss'), ('test', 'macro_f1'))
    """
    part, _, name = column.partition("_")
    return (part, name) if part in PARTS and name else ("test", column)
