"""Neural networks from scratch on NumPy alone.

Read it in this order: `layers.layer`, `layers.surroundings`, `layers.dense`, `activations.relu`,
`network`, `losses.cross_entropy`, `optimizers.optimizer`, `optimizers.sgd`, `training`; everything
else is one more of a kind. `NetworkClassifier` is the scikit-learn estimator, imported when asked
for.
"""

from typing import Any

from nn.activations import ACTIVATIONS
from nn.augmentation import AUGMENTATIONS
from nn.gradient_check import gradient_error
from nn.initializers import INITIALIZERS
from nn.layers import LAYERS, BatchNorm, Dense, Dropout, Layer
from nn.losses import LOSSES
from nn.network import Network
from nn.optimizers import OPTIMIZERS, Optimizer
from nn.penalties import L1, L2, PENALTIES, ElasticNet
from nn.records import Diverged, EpochRecord
from nn.schedules import SCHEDULES, warmup
from nn.serialization import DamagedFileError, load, save
from nn.softmax import softmax
from nn.training import train

__all__ = [
    "ACTIVATIONS",
    "AUGMENTATIONS",
    "INITIALIZERS",
    "L1",
    "L2",
    "LAYERS",
    "LOSSES",
    "OPTIMIZERS",
    "PENALTIES",
    "SCHEDULES",
    "BatchNorm",
    "DamagedFileError",
    "Dense",
    "Diverged",
    "Dropout",
    "ElasticNet",
    "EpochRecord",
    "Layer",
    "Network",
    "Optimizer",
    "gradient_error",
    "load",
    "save",
    "softmax",
    "train",
    "warmup",
]


def __getattr__(name: str) -> Any:
    """Import the scikit-learn estimator only when it is asked for."""
    if name == "NetworkClassifier":
        from nn.estimator import NetworkClassifier

        return NetworkClassifier
    raise AttributeError(f"module 'nn' has no attribute {name!r}")
