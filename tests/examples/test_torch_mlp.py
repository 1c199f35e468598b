"""The same network by two libraries: what a component does is not a matter of the library."""

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed")
FIELDS = {"learning_rate": 0.1, "epochs": 10, "validation_fraction": 0}
OURS = {
    "momentum": {"off": {"optimizer": "sgd"}, "on": {"optimizer": "momentum", "learning_rate": 0.02}},
    "size": {"off": {"hidden": [64, 32]}, "on": {"hidden": [4]}},
}  # fmt: skip
THEIRS = {
    "momentum": {"off": {"momentum": 0}, "on": {"momentum": 0.9, "learning_rate": 0.02}},
    "size": {"off": {"hidden": [64, 32]}, "on": {"hidden": [4]}},
}
