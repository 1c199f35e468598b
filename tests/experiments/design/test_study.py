"""params.yaml: what is refused, and in which words."""

from typing import Any

import pytest

from experiments.design.designs import cell_name
from experiments.design.study import parse_study
from experiments.errors import StudyError


def refused(params: dict[str, Any]) -> str:
    with pytest.raises(StudyError) as caught:
        parse_study(params)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_an_unknown_key_names_the_closest(params: dict[str, Any]) -> None:
    params["replicate"] = 3
    assert "`study.replicate` is not a known key" in refused(params)
    assert "did you mean replicates?" in refused(params)


def test_an_unknown_recipe_field_names_the_closest(params: dict[str, Any]) -> None:
    params["recipe"]["epoch"] = 3
    assert "`study.recipe.epoch`" in refused(params)
    assert "did you mean epochs?" in refused(params)


def test_an_unknown_level_names_the_closest(params: dict[str, Any]) -> None:
    params["factors"]["optimizer"] = ["sgd", "adan"]
    message = refused(params)
    assert message.startswith("`study.factors.optimizer[1]")
    assert "did you mean adam?" in message


def test_an_unknown_factor_names_the_closest(params: dict[str, Any]) -> None:
    params["factors"]["droput"] = [0, 0.5]
    assert "did you mean dropout?" in refused(params)


def test_an_unknown_option_names_the_closest(params: dict[str, Any]) -> None:
    params["factors"]["optimizer"] = ["sgd", {"adam": {"beta3": 0.9}}]
    assert "study.factors.optimizer[1].adam.beta3" in refused(params)
    assert "beta1" in refused(params)


@pytest.mark.parametrize(("factor", "level"), [("out", "linear"), ("hid", "x"), ("out", "out")])
def test_whatever_levels_are_called_the_path_is_that_of_the_field(
    params: dict[str, Any], factor: str, level: str
) -> None:
    # The name of a field begins with that of the factor.
    params["factors"][factor] = {"off": {}, level: {f"{factor}side": 1}}
    assert refused(params).startswith(f"`study.factors.{factor}.{level}.{factor}side` is not")


@pytest.mark.parametrize(
    ("levels", "rule"), [([0, 1.2], "below 1"), ([-0.1, 0.5], "at least 0"), ([0, "x"], "number")]
)
def test_a_level_out_of_range_names_path_rule_and_value(
    params: dict[str, Any], levels: list[Any], rule: str
) -> None:
    params["factors"]["dropout"] = levels
    message = refused(params)
    assert "study.factors.dropout[" in message
    assert rule in message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"replicates": 0}, "study.replicates"),
        ({"design": "half"}, "study.design"),
        ({"datasets": []}, "study.datasets"),
        ({"factors": {"dropout": [0.5]}}, "two or more"),
        ({"factors": {}}, "`study.factors` is missing or empty"),
        ({"tune": {"per": ["size"]}}, "study.tune.per"),
        ({"overrides": {"cifar": {}}}, "study.overrides.cifar"),
        ({"alternatives": {"optimizer": "sgd"}}, "study.alternatives.optimizer"),
        ({"tune": {"trial": 3}}, "did you mean trials?"),
        ({"tune": {"shift": {"cats": 1}}}, "`study.tune.shift.cats` must name a dataset"),
        ({"tune": {"also": {"cats": ["l2"]}}}, "`study.tune.also.cats` must name a dataset"),
        ({"tune": {"also": {"digits": ["size"]}}}, "`study.tune.also.digits` names no factor"),
        ({"tune": None}, "`study.tune` must be a mapping; got None"),
        ({"tune": {"per": "optimizer"}}, "`study.tune.per` must be a list"),
        ({"tune": {"per": ["l2", "l2"]}}, "must name each factor once"),
        (
            {"replicates": True},
            "`study.replicates` must be a whole number from 1 to 10000; got True",
        ),
        ({"replicates": 2.5}, "must be a whole number from 1 to 10000; got 2.5"),
        ({"name": "My Study"}, "`study.name` must match"),
        ({"margins": 0.5}, "`study.margins` must be a mapping"),
        ({"overrides": None}, "`study.overrides` must be {dataset: recipe}"),
        ({"alternatives": None}, "`study.alternatives` must be {factor: label}"),
        ({"alternatives": {"optimiser": "adam"}}, "did you mean optimizer?"),
        ({"recipe": {"epochs": True}}, "`study.recipe.epochs` must be a number; got True"),
        ({"recipe": {"epochs": 0}}, "`study.recipe.epochs` must be at least 1; got 0"),
        ({"recipe": {"hidden": [8, 0]}}, "`study.recipe.hidden[1]` must be at least 1; got 0"),
        ({"recipe": {"hidden": 8}}, "`study.recipe.hidden` must be a list; got 8"),
        ({"factors": {"optimizer": ["sgd", {"adam": {"beta2": "x"}}]}}, "an option of the wrong"),
        (
            {"datasets": {"mine": 3}},
            "`study.datasets.mine`: dataset mine must be a path, module:function",
        ),
    ],
)
def test_bad_values_are_refused(params: dict[str, Any], change: dict[str, Any], words: str) -> None:
    assert words in refused({**params, **change})


def test_a_level_can_be_any_mapping_of_recipe_fields(params: dict[str, Any]) -> None:
    params["factors"]["size"] = {"small": {}, "big": {"hidden": [64, 64], "batch_size": 32}}
    study = parse_study(params)
    recipe = study.recipe("digits", {**study.baseline, "size": "big"})
    assert recipe.hidden == (64, 64)
    assert recipe.batch_size == 32


def test_an_alternative_that_is_a_number_is_found(params: dict[str, Any]) -> None:
    params["factors"]["dropout"] = [0, 0.2, 0.5]
    study = parse_study({**params, "alternatives": {"dropout": 0.2}})
    assert study.factors[2].alternative == "0.2"


def test_levels_without_a_name_get_one_that_can_be_read(params: dict[str, Any]) -> None:
    steps = ["shift", {"noise": {"deviation": 0.5}}]
    params["factors"] = {
        "optimizer": ["sgd", {"adam": {"beta2": 0.99}}],
        "hidden": [[], [32], [256, 128]],
        "augmentation": ["none", steps],
    }
    factors = parse_study(params).factors
    assert [factor.labels for factor in factors] == [
        ("sgd", "adam"),
        ("[]", "32", "256-128"),
        ("none", "shift-noise"),
    ]


def test_what_belongs_to_one_level_stays_with_it(params: dict[str, Any]) -> None:
    """A conditional hyperparameter: beta2 exists where the optimizer is Adam."""
    params["factors"]["optimizer"] = ["sgd", {"adam": {"beta2": 0.99}}]
    study = parse_study(params)
    options = {
        label: study.recipe("digits", {**study.baseline, "optimizer": label}).optimizer.options
        for label in ("sgd", "adam")
    }
    assert options == {"sgd": {}, "adam": {"beta2": 0.99}}


def test_overrides_apply_to_one_dataset_and_levels_win(params: dict[str, Any]) -> None:
    params["datasets"] = ["digits", "mnist"]
    params["overrides"] = {"mnist": {"epochs": 7, "dropout": 0.4}}
    study = parse_study(params)
    assert study.recipe("digits", study.baseline).epochs == 2
    assert study.recipe("mnist", study.baseline).epochs == 7
    assert study.recipe("mnist", study.baseline).dropout == 0


def test_the_optimizer_is_tuned_apart_where_it_varies(params: dict[str, Any]) -> None:
    assert parse_study(params).tune.per == ("optimizer",)
    del params["factors"]["optimizer"]
    assert parse_study(params).tune.per == ()
    assert parse_study({**params, "tune": {"per": ["l2"]}}).tune.per == ("l2",)


def test_layer_rates_fit_the_layers_of_every_cell(params: dict[str, Any]) -> None:
    params["factors"]["rates"] = {"off": {}, "on": {"layer_rates": [1, 2]}}
    study = parse_study(params)  # one hidden layer
    assert study.recipe("digits", {**study.baseline, "rates": "on"}).layer_rates == (1, 2)  # type: ignore[attr-defined]
    params["factors"]["rates"]["on"] = {"layer_rates": [1, 1, 2]}
    with pytest.raises(StudyError, match=r"^`cell .*rates` must have one of `layer_rates` .* 2 "):
        parse_study(params)


@pytest.mark.parametrize(
    "change",
    [
        {"factors": {"batch_norm": [False, True]}, "recipe": {"batch_size": 1}},
        {"factors": {"batch_size": [8, 1]}, "recipe": {"batch_norm": True}},
        {"factors": {"batch_size": [8, 1]}, "recipe": {"block": ["dense", "batch_norm", "relu"]}},
    ],
)
def test_batch_norm_of_single_examples_learns_nothing_and_is_refused(
    params: dict[str, Any], change: dict[str, Any]
) -> None:
    message = refused({**params, **change})
    assert "must have a `batch_size` of 2 or more" in message
    assert message.startswith("`cell ")


@pytest.mark.parametrize(
    ("factors", "words"),
    [
        ({"l2": {"off": 0, "": 1.0e-4}}, "labels of 1 to 80 printable characters"),
        ({"l2": {"off": 0, "a\nb": 1.0e-4}}, "got 'a\\nb'. Name the level"),
        ({"l2": {"off": 0, "on": float("inf")}}, "l2.on` must be finite; got inf"),
        ({"l2": {"off": 0, "on": 1e-300}}, "must be 0, or between 1e-38 and 3e+38 in size"),
        ({"l2": {"off": 0, "on": "1e-3"}}, "l2.on` must be a number; got '1e-3'"),
        ({"size": {"a": {}, "b": {"hidden": [True]}}}, "hidden[0]` must be a number; got True"),
        ({"size": {"a": {}, "b": {"hidden": [10**30]}}}, "must be at most 1,000,000,000 in size"),
        ({"schedule": ["cosine", "builtins:len"]}, "study.factors.schedule[1]`"),
        ({"schedule": ["cosine", "builtins:divmod"]}, "see `knockout check"),
        ({f"size{i}": {"a": {}, "b": {"epochs": 2}} for i in range(14)}, "10,000 cells"),
    ],
)
def test_what_no_training_can_use_is_refused(
    params: dict[str, Any], factors: dict[str, Any], words: str
) -> None:
    assert words in refused({**params, "factors": factors})


def test_a_long_value_is_cut_in_the_error(params: dict[str, Any]) -> None:
    for change in ({"design": "x" * 5000}, {"x" * 5000: 1}, {"question": ["x"] * 5000}):
        message = refused({**params, **change})
        assert len(message) < 1000
        assert message.startswith("`study.")


@pytest.mark.parametrize("design", ["full", "leave_one_out", "pairs"])
def test_cells_go_by_name_with_the_baseline_always_and_the_placebo_last(
    params: dict[str, Any], design: str
) -> None:
    study = parse_study({**params, "design": design})

    assert study.cells["baseline"] == study.cells["placebo"] == study.baseline
    assert list(study.cells)[-1] == "placebo"
    found = [cell_name(study.factors, levels) for levels in study.cells.values()]
    assert found[:-1] == list(study.cells)[:-1]
