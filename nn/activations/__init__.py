"""Activations: elementwise functions between dense layers."""

from nn.activations.relu import ReLU
from nn.activations.sigmoid import Sigmoid
from nn.activations.tanh import Tanh

ACTIVATIONS = {"relu": ReLU, "sigmoid": Sigmoid, "tanh": Tanh}

__all__ = ["ACTIVATIONS", "ReLU", "Sigmoid", "Tanh"]
