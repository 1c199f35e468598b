"""Layers; what is elementwise lives in `nn.activations`."""

from nn.layers.batch_norm import BatchNorm
from nn.layers.dense import Dense
from nn.layers.dropout import Dropout
from nn.layers.layer import Layer
from nn.layers.parameter import Parameter

LAYERS: dict[str, type[Layer]] = {"dense": Dense, "dropout": Dropout, "batch_norm": BatchNorm}

__all__ = ["LAYERS", "BatchNorm", "Dense", "Dropout", "Layer", "Parameter"]
