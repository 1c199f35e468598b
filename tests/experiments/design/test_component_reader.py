"""Components as params.yaml writes them: names, import paths, short names, lists, options."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from experiments.design.component_reader import TABLES, ComponentReader
from experiments.design.recipe_reader import RecipeReader
from experiments.design.study import parse_study
from experiments.errors import StudyError
from tests.experiments.conftest import network

OWN = """
from nn.activations.activation import Activation

class Cube(Activation):
    from_output = False

    def __init__(self, scale=1.0):
        if scale <= 0:
            raise ValueError(f"Cube.scale — must be above 0 — got {scale}.")
        self.scale = scale

    def apply(self, x, out, scratch):
        out[...] = self.scale * x**3

    def pull_back(self, gradient, x, y, scratch):
        gradient *= 3 * self.scale * x**2

def fade(step, total_steps, power=1.0):
    return (1 - step / total_steps) ** power

number = 3
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of a user's with one module, forgotten afterwards."""
    path = [*sys.path]
    (tmp_path / "own_parts.py").write_text(OWN, encoding="utf-8")
    yield tmp_path
    sys.path[:] = path
    sys.modules.pop("own_parts", None)


def read(folder: Path, kind: str, value: Any, **names: str) -> Any:
    return ComponentReader({kind: names}, folder).read((kind,), value, "study.recipe.x")


@pytest.mark.parametrize("path", ["own_parts:Cube", "own_parts.py:Cube", "cube"])
def test_every_way_to_name_a_component_gives_the_same(folder: Path, path: str) -> None:
    found = read(folder, "activation", {path: {"scale": 2.0}}, cube="own_parts.py:Cube")
    assert found.as_value() == {"own_parts:Cube": {"scale": 2.0}}
    assert found.make().scale == 2.0


def test_an_import_path_of_the_library_s_own_is_its_name(folder: Path) -> None:
    assert read(folder, "optimizer", "nn.optimizers.adam:Adam").as_value() == "adam"
    assert read(folder, "optimizer", "nn:optimizers.Adam").as_value() == "adam"


def test_a_number_is_the_first_option(folder: Path) -> None:
    assert read(folder, "activation", {"own_parts:Cube": 2.0}).options == {"scale": 2.0}
    assert read(folder, "layer", {"dropout": 0.2}).options == {"rate": 0.2}
    assert read(folder, "schedule", {"own_parts:fade": 2}).make()(5, 10) == 0.25


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"own_parts:Cube": {"size": 1}}, "x.own_parts:Cube.size` is not an option of"),
        ({"own_parts:Cube": 0.0}, "has invalid options: Cube.scale — must be above 0 — got 0.0."),
        ({"own_parts:Cube": "two"}, "has an option of the wrong type"),
        ({"elu": {"alpha": True}}, "got {'alpha': True}: ELU.alpha"),
        ("own_parts:number", "own_parts:number is neither"),
        ("reul", "did you mean relu?"),
        (3, "must be a name, {name: {option: value}}"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(folder: Path, value: Any, words: str) -> None:
    with pytest.raises(StudyError) as caught:
        read(folder, "activation", value)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not str(caught.value).endswith("..")


def test_an_optimizer_without_a_usual_rate_is_refused(folder: Path) -> None:
    with pytest.raises(StudyError, match="needs default_learning_rate"):
        read(folder, "optimizer", "own_parts:Cube")


def test_a_block_is_a_list_of_layers_and_activations(folder: Path) -> None:
    reader = RecipeReader(components=ComponentReader(folder=folder))
    fields = {"block": ["dense", "batch_norm", "own_parts:Cube", {"dropout": 0.2}]}
    recipe = reader.read(network(), fields, "study.recipe")
    assert recipe.as_dict()["block"] == [
        "dense",
        "batch_norm",
        "own_parts:Cube",
        {"dropout": {"rate": 0.2}},
    ]
    assert "own_parts" in recipe.entries
    assert recipe.identity()["block"] == recipe.as_dict()["block"]


def test_a_block_stands_alone(params: dict[str, Any]) -> None:
    with pytest.raises(StudyError, match="Put it into the block"):
        network(block=["dense", "relu"], dropout=0.5)
    params["factors"] = {
        "dropout": [0, 0.5],
        "block": {"off": "none", "on": ["dense", "tanh"]},
    }
    with pytest.raises(StudyError, match=r"cell .*dropout.* must say all of a hidden layer"):
        parse_study(params)


@pytest.mark.parametrize(
    ("components", "words"),
    [
        ({"optimiser": {}}, "did you mean optimizer?"),
        ({"optimizer": {"adam": "a:b"}}, "`study.components.optimizer.adam` is a reserved name"),
        ({"optimizer": {"mine": "signum"}}, "must be an import path like"),
        ({"optimizer": "signum"}, "must be {name: path}"),
        ([], "must be {kind: {name: path}}"),
    ],
)
def test_short_names_are_checked(params: dict[str, Any], components: Any, words: str) -> None:
    with pytest.raises(StudyError) as caught:
        parse_study({**params, "components": components})
    assert words in str(caught.value)


def test_every_kind_has_a_table() -> None:
    assert set(TABLES) == {
        "activation", "augmentation", "initializer", "layer", "loss", "optimizer", "penalty",
        "schedule",
    }  # fmt: skip
