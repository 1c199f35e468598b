"""Rules: worked examples, and what is refused in which words."""

from typing import Any

import pytest

from experiments.design.designs import PLACEBO
from experiments.design.study import parse_study
from experiments.errors import StudyError
from tests.plans import planned


def cells_of(params: dict[str, Any], **changes: Any) -> list[dict[str, str]]:
    found = parse_study({**params, **changes}).cells
    return [levels for name, levels in found.items() if name != PLACEBO]


def refused(params: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(StudyError) as caught:
        parse_study({**params, **changes})
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_exclude_leaves_out_the_cells_that_fit_all_its_labels(params: dict[str, Any]) -> None:
    kept = cells_of(params, exclude=[{"l2": "on", "dropout": "on"}])
    assert len(kept) == 12
    assert not any(c["l2"] == c["dropout"] == "on" for c in kept)


def test_exclude_takes_several_labels(params: dict[str, Any]) -> None:
    params["factors"]["optimizer"] = ["sgd", "momentum", "adam"]
    kept = cells_of(params, exclude=[{"l2": "on", "optimizer": ["momentum", "adam"]}])
    assert {c["optimizer"] for c in kept if c["l2"] == "on"} == {"sgd"}
    assert {c["optimizer"] for c in kept if c["l2"] == "off"} == {"sgd", "momentum", "adam"}


def test_when_demands_a_level_where_another_is_set(params: dict[str, Any]) -> None:
    kept = cells_of(params, when=[{"if": {"augmentation": "on"}, "then": {"l2": "off"}}])
    assert len(kept) == 12
    assert all(c["l2"] == "off" for c in kept if c["augmentation"] == "on")


def test_when_and_exclude_say_the_same_thing_two_ways(params: dict[str, Any]) -> None:
    rule = {"if": {"l2": "on"}, "then": {"optimizer": ["adam"]}}
    assert cells_of(params, when=[rule]) == cells_of(
        params, exclude=[{"l2": "on", "optimizer": "sgd"}]
    )


def test_the_examples_of_the_documentation(params: dict[str, Any]) -> None:
    switches = {name: {"off": 0, "on": 1e-4} for name in ("l1", "l2", "dropout")}
    kept = cells_of(params, factors=switches, exclude=[{"l1": "on", "l2": "on"}])
    assert len(kept) == 6
    factors = {
        "optimizer": ["sgd", "momentum", "rmsprop", "adam"],
        "clip_norm": {"off": None, "on": 1.0},
    }
    demand = {"if": {"clip_norm": "on"}, "then": {"optimizer": ["sgd", "momentum"]}}
    kept = cells_of(params, factors=factors, when=[demand])
    assert len(kept) == 6
    assert kept == cells_of(
        params, factors=factors, exclude=[{"clip_norm": "on", "optimizer": ["rmsprop", "adam"]}]
    )


def test_labels_that_yaml_reads_as_numbers_are_found(params: dict[str, Any]) -> None:
    params["factors"]["dropout"] = [0, 0.2, 0.5]
    kept = cells_of(params, exclude=[{"dropout": 0.5, "l2": "on"}])
    assert len(kept) == 2 * 2 * 2 * 3 - 4


def test_rules_hold_in_every_design(params: dict[str, Any]) -> None:
    kept = cells_of(params, design="pairs", exclude=[{"l2": "on", "dropout": "on"}])
    assert len(kept) == 1 + 4 + 6 - 1


def test_cells_that_stay_keep_their_runs(params: dict[str, Any]) -> None:
    fewer = parse_study({**params, "exclude": [{"l2": "on", "dropout": "on"}]})
    some = {spec.run_key for spec in planned(fewer)}
    every = {spec.run_key for spec in planned(parse_study(params))}
    assert some < every
    assert len(every) - len(some) == 4 * 2


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"exclude": [{"droput": "on"}]}, "did you mean dropout?"),
        ({"exclude": [{"dropout": "onn"}]}, "`study.exclude[0].dropout` names no level: 'onn'"),
        ({"exclude": {"dropout": "on"}}, "`study.exclude` must be a list"),
        ({"exclude": [{}]}, "`study.exclude[0]` must be {factor: label}"),
        ({"when": [{"if": {"l2": "on"}}]}, "`study.when[0]` must be {if:"),
        ({"when": [{"if": {"l2": "on"}, "then": {"optimiser": "sgd"}}]}, "did you mean optimizer?"),
        ({"when": [{"if": {"l2": "on"}, "then": {"optimizer": "adan"}}]}, "did you mean adam?"),
        ({"exclude": [{"l2": "off", "dropout": "off"}]}, "must keep the baseline"),
        ({"when": [{"if": {"l2": "off"}, "then": {"dropout": "on"}}]}, "must keep the baseline"),
        ({"exclude": [{"l2": "on"}]}, "leave no cell with l2 on"),
        ({"design": "fractional", "exclude": [{"l2": "on", "dropout": "on"}]}, "fractional"),
    ],
)
def test_bad_rules_are_refused_in_one_line(
    params: dict[str, Any], rules: dict[str, Any], words: str
) -> None:
    assert words in refused(params, **rules)
