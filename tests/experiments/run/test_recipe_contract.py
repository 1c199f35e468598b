"""Trainings that break a rule are found out, each by the rule that it breaks."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from experiments.network.network_recipe import NetworkRecipe
from experiments.run import Recipe, Task, Trained
from experiments.run.recipe import Recipe as Base
from experiments.run.recipe_contract import check_recipe


class Nearest(Recipe):
    """Answer with the class of the nearest mean, a little warmed by noise from its own stream."""

    warmth: float = 1.0

    def train(self, task: Task) -> Trained:
        means = np.stack([task.x[task.y == c].mean(axis=0) for c in range(task.n_classes)])
        means += 0.01 * task.generator("init").standard_normal(means.shape)
        return Trained(lambda x: soft(x, means, self.warmth))


def soft(x: np.ndarray, means: np.ndarray, warmth: float) -> np.ndarray:
    distances = np.square(x[:, None] - means).mean(axis=2) / warmth
    weights = np.exp(distances.min(axis=1, keepdims=True) - distances)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


class Unseeded(Nearest):
    def train(self, task: Task) -> Trained:
        shift = np.random.default_rng().random()
        return Trained(lambda x: soft(x + shift, task.x[:3], 1.0))


class Deaf(Nearest):
    def train(self, task: Task) -> Trained:
        return Trained(lambda x: np.tile([0.2, 0.3, 0.5], (len(x), 1)))


class Crowd(Nearest):
    def train(self, task: Task) -> Trained:
        return Trained(lambda x: soft(x - x.mean(axis=0), task.x[:3], 1.0))


class Scribbler(Nearest):
    def train(self, task: Task) -> Trained:
        def predict(x: np.ndarray) -> np.ndarray:
            answer = soft(x, task.x[:3], 1.0)
            x *= 0.5
            return answer

        return Trained(predict)


class Global(Nearest):
    def train(self, task: Task) -> Trained:
        np.random.seed(task.seed("init") % 2**31)  # noqa: NPY002
        return super().train(task)


class Broken(Nearest):
    def train(self, task: Task) -> Trained:
        raise KeyError("no such thing")


class Wild(Nearest):
    def train(self, task: Task) -> Trained:
        return Trained(lambda x: np.full((len(x), task.n_classes), 0.9))


def broken(recipe: Base) -> list[str]:
    return [result.name for result in check_recipe(recipe) if not result.ok]


@pytest.mark.parametrize(
    "recipe",
    [
        Nearest(),
        Nearest(validation_fraction=0),
        NetworkRecipe(hidden=(4,), epochs=1, learning_rate=0.1),
    ],
)
def test_an_honest_training_keeps_all_rules(recipe: Base) -> None:
    results = check_recipe(recipe)
    assert [result.detail for result in results if not result.ok] == []
    assert len(results) == 7


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (Unseeded, "the same task gives the same answers"),
        (Deaf, "another replicate gives other answers"),
        (Crowd, "a row's answer does not depend on its neighbours"),
        (Scribbler, "it writes to none of its inputs"),
        (Global, "no global random state is touched"),
        (Broken, "it trains, and answers with probabilities"),
        (Wild, "it trains, and answers with probabilities"),
    ],
)
def test_a_training_that_breaks_a_rule_is_found_out(make: Callable[[], Any], rule: str) -> None:
    assert rule in broken(make())


def test_what_raises_is_named_with_its_line() -> None:
    (result,) = check_recipe(Broken())
    assert "KeyError: 'no such thing'" in result.detail
    assert "test_recipe_contract.py:" in result.detail
