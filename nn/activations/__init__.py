"""Activations: elementwise layers."""

from nn.activations.activation import Activation
from nn.activations.elu import ELU
from nn.activations.gelu import GELU
from nn.activations.gelu_tanh import GELUTanh
from nn.activations.leaky_relu import LeakyReLU
from nn.activations.relu import ReLU
from nn.activations.scaled_tanh import ScaledTanh
from nn.activations.sigmoid import Sigmoid
from nn.activations.silu import SiLU
from nn.activations.softplus import Softplus
from nn.activations.tanh import Tanh

ACTIVATIONS: dict[str, type[Activation]] = {
    "relu": ReLU,
    "leaky_relu": LeakyReLU,
    "elu": ELU,
    "gelu": GELU,
    "gelu_tanh": GELUTanh,
    "tanh": Tanh,
    "scaled_tanh": ScaledTanh,
    "sigmoid": Sigmoid,
    "softplus": Softplus,
    "silu": SiLU,
}

__all__ = [
    "ACTIVATIONS",
    "ELU",
    "GELU",
    "Activation",
    "GELUTanh",
    "LeakyReLU",
    "ReLU",
    "ScaledTanh",
    "SiLU",
    "Sigmoid",
    "Softplus",
    "Tanh",
]
