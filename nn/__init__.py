"""Neural networks from scratch on NumPy alone.

Read it in this order; everything else is one more of a kind:

1. `layers.parameter`, `layers.layer`: a trainable array, and what every layer is;
2. `layers.dense`, `activations.relu`: the two that most networks consist of;
3. `network`: layers in a row over one flat vector of parameters;
4. `losses.cross_entropy`: from logits to a value and its gradient;
5. `optimizers.optimizer`, `optimizers.sgd`, `optimizers.bound`: an update rule, and the rule at
   work on a network;
6. `stepper`, `training`, `fitting`: one step, one epoch after the other, and all of it on arrays.

Components of your own are subclasses of `Optimizer`, `Layer`, `Activation`, `Penalty` and `Loss`,
or functions as in `schedules` and `initializers`; `nn.checks` holds them to the contract of their
kind. `NetworkClassifier` is the scikit-learn estimator; it and `nn.checks` are imported when asked
for.

Examples
--------
>>> import numpy as np, nn
>>> x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
>>> rng = np.random.default_rng(0)
>>> network = nn.Network([nn.Dense(8), nn.Tanh(), nn.Dense(2)], n_inputs=2, rng=rng)
>>> records = nn.fit(network, x, y, optimizer=nn.Adam(), learning_rate=0.05, epochs=100, rng=rng)
>>> network.predict(x)
array([0, 1, 1, 0])
"""

from typing import Any

from nn import initializers, schedules
from nn.activations import (
    ACTIVATIONS,
    ELU,
    GELU,
    Activation,
    GELUTanh,
    LeakyReLU,
    ReLU,
    ScaledTanh,
    Sigmoid,
    SiLU,
    Softplus,
    Tanh,
)
from nn.augmentation import (
    AUGMENTATIONS,
    Affine,
    Elastic,
    Erasing,
    Flip,
    Mixup,
    Noise,
    Shift,
)
from nn.component import configure
from nn.fitting import fit
from nn.gradient_check import gradient_error
from nn.initializers import INITIALIZERS
from nn.interval import require, require_integer
from nn.layers import LAYERS, BatchNorm, Dense, Dropout, Layer, Parameter
from nn.losses import LOSSES, CrossEntropy, Loss, MeanSquaredError, SigmoidCrossEntropy, one_hot
from nn.network import Network
from nn.optimizers import (
    OPTIMIZERS,
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    AMSGrad,
    Chunk,
    Lion,
    Momentum,
    NAdam,
    Nesterov,
    Optimizer,
    RMSProp,
)
from nn.penalties import L1, L2, PENALTIES, ElasticNet, Penalty
from nn.records import Diverged, EpochRecord
from nn.schedules import SCHEDULES, warmup
from nn.serialization import DamagedFileError, load, save
from nn.softmax import softmax
from nn.training import train

__all__ = [
    "ACTIVATIONS",
    "AUGMENTATIONS",
    "ELU",
    "GELU",
    "INITIALIZERS",
    "L1",
    "L2",
    "LAYERS",
    "LOSSES",
    "OPTIMIZERS",
    "PENALTIES",
    "SCHEDULES",
    "SGD",
    "AMSGrad",
    "Activation",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Affine",
    "BatchNorm",
    "Chunk",
    "CrossEntropy",
    "DamagedFileError",
    "Dense",
    "Diverged",
    "Dropout",
    "Elastic",
    "ElasticNet",
    "EpochRecord",
    "Erasing",
    "Flip",
    "GELUTanh",
    "Layer",
    "LeakyReLU",
    "Lion",
    "Loss",
    "MeanSquaredError",
    "Mixup",
    "Momentum",
    "NAdam",
    "Nesterov",
    "Network",
    "Noise",
    "Optimizer",
    "Parameter",
    "Penalty",
    "RMSProp",
    "ReLU",
    "ScaledTanh",
    "Shift",
    "SiLU",
    "Sigmoid",
    "SigmoidCrossEntropy",
    "Softplus",
    "Tanh",
    "configure",
    "fit",
    "gradient_error",
    "initializers",
    "load",
    "one_hot",
    "require",
    "require_integer",
    "save",
    "schedules",
    "softmax",
    "train",
    "warmup",
]


def __getattr__(name: str) -> Any:
    """Import the scikit-learn estimator and the contract checks only when they are asked for."""
    if name == "NetworkClassifier":
        from nn.estimator import NetworkClassifier

        return NetworkClassifier
    if name == "checks":
        import nn.checks

        return nn.checks
    raise AttributeError(f"module 'nn' has no attribute {name!r}")
