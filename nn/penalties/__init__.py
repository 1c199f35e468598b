"""Penalties on the weights."""

from nn.penalties.elastic_net import ElasticNet
from nn.penalties.l1 import L1
from nn.penalties.l2 import L2
from nn.penalties.penalty import Penalty

PENALTIES: dict[str, type[Penalty]] = {"l1": L1, "l2": L2, "elastic_net": ElasticNet}

__all__ = ["L1", "L2", "PENALTIES", "ElasticNet", "Penalty"]
