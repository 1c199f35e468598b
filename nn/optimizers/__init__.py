"""Optimizers: update rules on flat vectors. To add one: a file, and a line in the table."""

from nn.optimizers.adam import Adam
from nn.optimizers.momentum import Momentum
from nn.optimizers.optimizer import Optimizer
from nn.optimizers.rmsprop import RMSProp
from nn.optimizers.sgd import SGD

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "rmsprop": RMSProp,
    "adam": Adam,
}

__all__ = ["OPTIMIZERS", "SGD", "Adam", "Momentum", "Optimizer", "RMSProp"]
