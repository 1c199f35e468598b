"""A component's name says what was switched, and against what."""

import pytest

from experiments.design.factors import Factor, Level
from pipeline.results.text.titles import component_title, dataset_title


def factor(name: str, *labels: str) -> Factor:
    return Factor(name, tuple(Level(label, {}) for label in labels), labels[-1])


@pytest.mark.parametrize(
    ("name", "labels", "title"),
    [
        ("l2", ("off", "on"), "L2"),
        ("max_norm", ("None", "3.0"), "max-norm"),
        ("augmentation", ("off", "shift", "noise"), "augmentation noise"),
        ("optimizer", ("sgd", "adam"), "adam vs sgd"),
        ("batch_size", ("32", "128"), "batch size 128 vs 32"),
        ("hidden", ("64", "256-128"), "hidden 256-128 vs 64"),
        ("schedule", ("constant", "cosine"), "schedule cosine vs constant"),
    ],
)
def test_titles(name: str, labels: tuple[str, ...], title: str) -> None:
    assert component_title(factor(name, *labels), labels[-1]) == title


def test_a_level_is_named_against_another() -> None:
    l2 = factor("l2", "weak", "strong", "off")
    assert component_title(l2, "strong", "weak") == "L2 strong vs weak"


def test_a_dataset_of_ones_own_keeps_its_name() -> None:
    assert [dataset_title(name) for name in ("fashion_mnist", "faces")] == [
        "Fashion-MNIST", "faces",
    ]  # fmt: skip
