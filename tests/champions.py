"""A champion made of any network."""

from typing import Any

from nn import Network
from pipeline.champion.saved_network import Champion, ChampionCard, sha256


def champion_of(network: Network, **fields: Any) -> Champion:
    """Return a champion of digits whose card has these fields, and others made up."""
    card = {
        "study": "main", "dataset": "digits", "cell": "adam+dropout", "run_key": "key",
        "levels": {"optimizer": "adam", "dropout": "on"}, "recipe": {"hidden": [8]},
        "replicate": 3, "rule": "the cell with the highest mean test accuracy",
        "learning_rate": 0.01, "val_accuracy": 0.99, "test_accuracy": 0.985, "n_test": 360,
        "parameters_sha256": sha256(network), "scale": 0.25, "shift": -1.5,
        "image_shape": (8, 8), "brightest": 16, "class_names": tuple("abcdefghij"),
        "content_hash": "sha256:" + "ab12" * 16, "environment": {"numpy": "2.4.6"},
        "response": "test_accuracy",
        "scores": {"test_accuracy": 0.985, "test_log_loss": 0.05},
    }  # fmt: skip
    return Champion(network, ChampionCard(**card | fields))
