"""Losses from logits: ``loss(logits, targets) -> value, gradient``."""

from nn.losses.cross_entropy import CrossEntropy
from nn.losses.loss import Loss, one_hot
from nn.losses.mse import MeanSquaredError
from nn.losses.sigmoid_cross_entropy import SigmoidCrossEntropy

LOSSES: dict[str, type[Loss]] = {
    "cross_entropy": CrossEntropy,
    "sigmoid_cross_entropy": SigmoidCrossEntropy,
    "mse": MeanSquaredError,
}

__all__ = ["LOSSES", "CrossEntropy", "Loss", "MeanSquaredError", "SigmoidCrossEntropy", "one_hot"]
