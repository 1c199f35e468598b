"""Names of datasets, and where a user's own ones lie."""

from typing import Any

import pytest

from data_loaders.spec import DatasetSpec
from experiments.design.dataset_sources import parse_datasets
from experiments.design.study import parse_study
from experiments.errors import StudyError


def test_a_list_names_known_datasets() -> None:
    assert parse_datasets(["digits", "mnist"]) == {
        name: DatasetSpec(name, builtin=name) for name in ("digits", "mnist")
    }


def test_a_mapping_says_where_each_comes_from() -> None:
    found = parse_datasets(
        {"digits": None, "letters": "./my/letters.npz", "mnist": {"train_size": 5000}}
    )
    assert found == {
        "digits": DatasetSpec("digits", builtin="digits"),
        "letters": DatasetSpec("letters", path="./my/letters.npz"),
        "mnist": DatasetSpec("mnist", builtin="mnist", train_size=5000),
    }


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (["mnits"], "did you mean mnist?"),
        (["digits", "digits"], "list of different names"),
        ("digits", "list of different names"),
        (["./my/Nice Letters.npz"], "Write datasets: {nice_letters: ./my/Nice Letters.npz}."),
        (["data/mnist"], "Write datasets: {own_mnist: data/mnist}."),
        ({"mnist": "./my.npz"}, "Choose another name"),
        ({"studies": "./my.npz"}, "Choose another name"),
        ({"My Letters": "./my.npz"}, "lower-case letters"),
        ({"../up": "./my.npz"}, "lower-case letters"),
        ({"a" * 65: "./my.npz"}, "at most 64"),
        ({"a\nb": "./my.npz"}, "lower-case letters"),
        ({"mnist": {"builtin": "digits"}}, "Choose another name"),
        ({"wine": {"path": "w.csv", "lable": "c"}}, "`study.datasets.wine`: dataset wine has an"),
        ({"wine": None}, "must name known datasets; got 'wine'"),
        ("x" * 5000, "got 'xxxx"),
    ],
)
def test_names_that_cannot_be_folders_or_data_are_refused(value: Any, words: str) -> None:
    with pytest.raises(StudyError) as caught:
        parse_datasets(value)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_overrides_and_margins_go_by_the_name(params: dict[str, Any]) -> None:
    params |= {"datasets": {"digits": None, "letters": "./letters.npz"}}
    params |= {"overrides": {"letters": {"epochs": 3}}, "margins": {"letters": 1.5}}
    study = parse_study(params)
    assert study.datasets == ("digits", "letters")
    assert study.recipe("letters", study.baseline).epochs == 3
    assert study.margin("letters") == 1.5
    with pytest.raises(StudyError, match=r"study.margins.leters.*did you mean letters"):
        parse_study({**params, "margins": {"leters": 1.0}})
