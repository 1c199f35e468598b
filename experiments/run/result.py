"""What one run leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from experiments.run.outputs import expand
from experiments.run.run_spec import RunSpec

Status = Literal["ok", "diverged", "failed", "not_tuned"]


@dataclass(frozen=True)
class RunResult:
    """The outcome of one run: a finished one, one that diverged, failed, or was not started.

    Parameters
    ----------
    run_key : str
        Hash of `identity`.
    status : {"ok", "diverged", "failed", "not_tuned"}
        A diverged run is a result: the recipe does not train. A failed run is a fault
        (its process died, memory ran out, its code raised) and says nothing about the recipe.
        One that is not tuned was not started, and is not stored: no trial of its arm came through.
    reason : str
        Why the run is not ok; empty when it is.
    identity : mapping
        Everything that decides the run's outcome: recipe, dataset and its content hash,
        replicate, seed, streams, source digest.
    metrics : mapping of str to float
        Scalars: accuracies are fractions in [0, 1], times are seconds.
    history : mapping of str to list
        One column per learning-curve measure, one entry per epoch.
    labels : ndarray, shape (n_test,)
        The test part's true classes, or numbers; read once.
    outputs : ndarray
        What the model answered there: logarithms of class probabilities, float16 of shape
        (n_test, n_classes), or numbers, float32 of shape (n_test,).
    test_index : ndarray of int64, shape (n_test,)
        Which images the test part holds.
    validation_labels, validation_outputs : ndarray
        The same of the validation part; empty without one.
    parameters_sha256 : str
        Hash of the trained parameters, so that a rebuilt model can be verified.
    started_at : str
        UTC time, ISO 8601.
    environment : mapping
        Versions, BLAS, kernel class and machine that the run was made on.
    traceback : str
        Where the code of a failed run raised.
    """

    run_key: str
    status: Status
    reason: str
    identity: Mapping[str, Any]
    metrics: Mapping[str, float]
    history: Mapping[str, list[float]]
    labels: np.ndarray
    outputs: np.ndarray
    test_index: np.ndarray
    validation_labels: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint8))
    validation_outputs: np.ndarray = field(default_factory=lambda: np.empty((0, 1), np.float16))
    parameters_sha256: str = ""
    started_at: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    traceback: str = ""

    @property
    def probabilities(self) -> np.ndarray:
        """Class probabilities, float64 of shape (n_test, n_classes)."""
        return expand(self.outputs)

    @property
    def predictions(self) -> np.ndarray:
        """Predicted classes, of the labels' type, or predicted numbers; shape (n_test,)."""
        if self.outputs.ndim == 1:
            return self.outputs
        return self.outputs.argmax(axis=1).astype(self.labels.dtype)

    @property
    def correct(self) -> np.ndarray:
        """Which test images were classified rightly, bool of shape (n_test,)."""
        return np.asarray(self.labels == self.predictions)


def untrained(spec: RunSpec) -> RunResult:
    """Return what stands for a run none of whose arm's trials came through."""
    nothing = np.empty(0, np.uint8)
    return RunResult(
        run_key=spec.run_key,
        status="not_tuned",
        reason="every trial of its arm diverged or failed",
        identity=spec.identity,
        metrics={},
        history={},
        labels=nothing,
        outputs=np.empty((0, 1), np.float16),
        test_index=np.empty(0, np.int64),
    )
