"""Responses: what a run is judged by, with its direction and its unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from numpy.typing import NDArray

from experiments.analysis import scores

Score = Callable[[NDArray[Any], NDArray[Any]], float]
PARTS = ("test", "val")


@dataclass(frozen=True)
class Response:
    """A function of truth and prediction, and how its values are read.

    Attributes
    ----------
    name : str
        Name in params.yaml and, after `test_` or `val_`, in the run table.
    title : str
        Name in tables and sentences, lower case.
    unit : str
        Unit of a value times `scale`; "%" for shares, empty for bare numbers.
    better : {"higher", "lower"}
        Which of two values is the better one.
    scale : float
        What a stored value is multiplied by before it is shown.
    task : {"classification", "regression"}
        What it can judge.
    of : callable
        (truth, prediction) → float. Classification: truth holds class numbers, shape (n,), the
        prediction probabilities, shape (n, n_classes). Regression: both (n,).
    counts : bool
        Whether a value is the share of test examples that a run got right, so that few examples
        limit what it can resolve.
    decimals : int
        Decimals of a shown value.
    """

    name: str
    title: str
    unit: str
    better: Literal["higher", "lower"]
    scale: float
    task: Literal["classification", "regression"]
    of: Score
    counts: bool = False
    decimals: int = 2

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
        f"top_{k}", f"top-{k} accuracy", "%", "higher", 100, "classification",
        lambda truth, probabilities: scores.top_k(truth, probabilities, k), counts=True,
    )  # fmt: skip


_PERCENT: dict[str, Any] = {"unit": "%", "scale": 100, "task": "classification"}
_BARE: dict[str, Any] = {"unit": "", "scale": 1, "decimals": 4}
_ALL = (
    Response("accuracy", "accuracy", better="higher", of=scores.accuracy, counts=True, **_PERCENT),
    Response("balanced_accuracy", "balanced accuracy", better="higher",
             of=scores.balanced_accuracy, **_PERCENT),
    Response("macro_f1", "macro F1", better="higher", of=scores.macro_f1, **_PERCENT),
    top_k(3),
    top_k(5),
    Response("log_loss", "log loss", better="lower", task="classification",
             of=scores.log_loss, **_BARE | {"unit": "nats"}),
    Response("brier", "Brier score", better="lower", task="classification",
             of=scores.brier, **_BARE),
    Response("calibration_error", "expected calibration error", better="lower",
             of=scores.calibration_error, **_PERCENT),
    Response("rmse", "RMSE", better="lower", task="regression", of=scores.rmse, **_BARE),
    Response("mae", "mean absolute error", better="lower", task="regression",
             of=scores.mae, **_BARE),
    Response("r2", "R²", better="higher", task="regression", of=scores.r2, **_BARE),
)  # fmt: skip
RESPONSES = {response.name: response for response in _ALL}


def response_of(column: str) -> Response:
    """Return the built-in response that a column of the run table holds.

    Raises
    ------
    ValueError
        If the column is not a part and a built-in response.

    Examples
    --------
    >>> response_of("val_log_loss").better
    'lower'
    """
    part, _, name = column.partition("_")
    if part in PARTS and name in RESPONSES:
        return RESPONSES[name]
    near = get_close_matches(name or column, RESPONSES, n=1)
    raise ValueError(
        f"response must be test_ or val_ and one of {', '.join(RESPONSES)}; got {column!r}. "
        + (f"Did you mean {part if part in PARTS else 'test'}_{near[0]}?" if near else
           "Pass your own as a Response.")
    )  # fmt: skip
