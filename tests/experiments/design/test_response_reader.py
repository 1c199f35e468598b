"""What params.yaml may say of responses and contrasts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from experiments.design.response_reader import read_responses
from experiments.design.study import parse_study
from experiments.errors import StudyError

STUDY = {"datasets": ["digits"], "factors": {"optimizer": ["sgd", "momentum", "adam"]}}
DIABETES = {"diabetes": {"sklearn": "load_diabetes", "task": "regression"}}


def columns(value: object, *, regression: bool = False) -> list[str]:
    return list(read_responses(value, regression=regression, folder=None))


def test_a_name_is_of_the_test_part_and_words_of_old_go_on() -> None:
    assert columns("macro_f1") == ["test_macro_f1"]
    assert columns("test_accuracy") == ["test_accuracy"]
    assert columns("val_log_loss") == ["val_log_loss"]
    assert columns(None) == ["test_accuracy"]
    assert columns(None, regression=True) == ["test_r2"]


def test_the_primary_comes_first_and_the_rest_in_order() -> None:
    said = {"primary": "log_loss", "secondary": ["accuracy", "top_2"]}
    study = parse_study({**STUDY, "response": said})

    assert study.response == "test_log_loss"
    assert study.secondary == ("test_accuracy", "test_top_2")
    assert study.margin("digits") == study.measure.margin == 0.01


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("acuracy", "did you mean accuracy"),
        (3, "must name a response"),
        ({"secondary": ["ece"]}, "must be a name or"),
        ({"primary": "ece", "third": 1}, "must be a name or"),
        ({"primary": "ece", "secondary": "brier"}, "must be a list"),
        ({"primary": "ece", "secondary": ["test_ece"]}, "comes twice"),
        ("numpy:pi", "must name a Response or a function"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(value: object, said: str) -> None:
    with pytest.raises(StudyError, match=said) as caught:
        columns(value)
    assert "\n" not in str(caught.value)


def test_a_response_of_ones_own_lies_beside_params(tmp_path: Path) -> None:
    (tmp_path / "own_scores.py").write_text(
        "from experiments.response import Response\n"
        "def kappa(truth, p):\n    return 0.5\n"
        "brief = Response('brevity', 'brevity', kappa, better='lower', unit='words')\n"
        "accuracy = kappa\n",
        encoding="utf-8",
    )
    try:
        found = read_responses(
            {"primary": "own_scores:brief", "secondary": ["own_scores.py:kappa"]},
            regression=False,
            folder=tmp_path,
        )
        assert list(found) == ["test_brevity", "test_kappa"]
        assert [response.sign for response in found.values()] == [-1, 1]
        with pytest.raises(StudyError, match="called accuracy, which is built in"):
            read_responses("own_scores:accuracy", regression=False, folder=tmp_path)
    finally:
        sys.path.remove(str(tmp_path))
        sys.modules.pop("own_scores", None)


def test_a_measure_in_the_targets_unit_needs_a_margin() -> None:
    study = {"datasets": DIABETES, "factors": {"dropout": {"off": 0, "on": 0.2}},
             "recipe": {"loss": "mse"}}  # fmt: skip
    with pytest.raises(StudyError, match=r"`study.margins.diabetes` must say .* in RMSE"):
        parse_study({**study, "response": "rmse"})
    assert parse_study({**study, "response": "rmse", "margins": {"diabetes": 2}}).margin(
        "diabetes"
    ) == 2  # fmt: skip
    assert parse_study(study).response == "test_r2"


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([["momentum", "lion"]], "two levels of one factor"),
        ([["adam", "adam"]], "two levels of one factor"),
        ([["adam", "sgd"]], "must not hold the null level sgd"),
        ([["adam", "momentum"], ["momentum", "adam"]], "comes twice"),
        ([["adam"]], "contrasts"),
    ],
)
def test_contrasts_are_of_two_levels_that_are_not_compared_anyway(
    pairs: list[list[str]], said: str
) -> None:
    with pytest.raises(StudyError, match=said):
        parse_study({**STUDY, "contrasts": pairs})


def test_a_contrast_is_read() -> None:
    study = parse_study({**STUDY, "contrasts": [["adam", "momentum"]]})

    assert study.contrasts == (("adam", "momentum"),)
    assert study.asked == [("optimizer", "adam", "momentum")]


def test_a_factor_must_not_bear_a_responses_column() -> None:
    factors = {"test_kappa": {"a": {"dropout": 0}, "b": {"dropout": 0.1}}}
    with pytest.raises(StudyError, match="that of a column"):
        parse_study({"datasets": ["digits"], "factors": factors})
