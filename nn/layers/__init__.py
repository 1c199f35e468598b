"""Layers; what is elementwise lives in `nn.activations`."""

from nn.layers.dense import Dense
from nn.layers.dropout import Dropout
from nn.layers.layer import Layer
from nn.layers.parameter import Parameter

__all__ = ["Dense", "Dropout", "Layer", "Parameter"]
