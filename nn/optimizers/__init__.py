"""Optimizers by name; each is one file."""

from nn.optimizers.adagrad import AdaGrad
from nn.optimizers.adam import Adam
from nn.optimizers.adamw import AdamW
from nn.optimizers.amsgrad import AMSGrad
from nn.optimizers.bound import BoundOptimizer
from nn.optimizers.lion import Lion
from nn.optimizers.momentum import Momentum
from nn.optimizers.nadam import NAdam
from nn.optimizers.nesterov import Nesterov
from nn.optimizers.optimizer import Chunk, Optimizer
from nn.optimizers.rmsprop import RMSProp
from nn.optimizers.sgd import SGD

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
    "amsgrad": AMSGrad,
    "nadam": NAdam,
    "adamw": AdamW,
    "lion": Lion,
}

__all__ = [
    "OPTIMIZERS",
    "SGD",
    "AMSGrad",
    "AdaGrad",
    "Adam",
    "AdamW",
    "BoundOptimizer",
    "Chunk",
    "Lion",
    "Momentum",
    "NAdam",
    "Nesterov",
    "Optimizer",
    "RMSProp",
]
