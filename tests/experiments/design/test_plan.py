"""The plan: which runs there are, and what makes a run another one."""

from collections import Counter
from typing import Any

import pytest

from experiments.design import run_source
from experiments.design.plan import plan, whole_blocks
from experiments.design.study import Study, parse_study
from experiments.design.tuning import tuning_plan
from experiments.source import digest
from tests.plans import RATES, planned, rates_of


def keys(study: Study, rates: dict[str, float] = RATES, content: str = "h") -> set[str]:
    return {spec.run_key for spec in planned(study, rates, content=content)}


def test_every_cell_and_the_placebo_run_once_per_replicate(study: Study) -> None:
    specs = planned(study)
    assert len(specs) == (16 + 1) * 2
    assert len({spec.run_key for spec in specs}) == len(specs)
    assert set(Counter(spec.cell for spec in specs).values()) == {2}
    assert [spec.replicate for spec in specs] == sorted(spec.replicate for spec in specs)


def test_source_that_runs_share_is_digested_once(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, real = list[tuple[str, ...]](), digest.module_digests
    monkeypatch.setattr(digest, "module_digests", lambda e: (asked.append(e), real(e))[1])
    run_source._digest.cache_clear()
    once, again = (
        planned(study),
        list(tuning_plan(study, "digits", "h", {}, whole_blocks(study, 2))),
    )
    assert len(asked) == len({run_source.modules_of(s.recipe) for s in once}) < len(once)
    assert {t.spec.source_digest for t in again} <= {s.source_digest for s in once}
    assert sorted(asked) == sorted({*asked})


def test_more_replicates_keep_the_runs_there_are(params: dict[str, Any], study: Study) -> None:
    more = parse_study({**params, "replicates": 4})
    assert keys(study) < keys(more)
    assert len(keys(more)) == 2 * len(keys(study))


@pytest.mark.parametrize(
    "change",
    [{"replicates": {"from": 2, "to": 8}}, {"budget": "20m"}, {"alpha": 0.01}, {"name": "other"}],
)
def test_how_long_a_study_goes_on_makes_no_run_another_one(
    params: dict[str, Any], study: Study, change: dict[str, Any]
) -> None:
    assert keys(study) <= keys(parse_study({**params, **change}))


def test_a_changed_level_changes_only_its_own_cells(params: dict[str, Any], study: Study) -> None:
    params["factors"]["dropout"]["on"] = 0.3
    changed = keys(parse_study(params)) - keys(study)
    assert len(changed) == 16


def test_names_decide_nothing(params: dict[str, Any], study: Study) -> None:
    params |= {"name": "other", "design": "add_one_in"}
    assert keys(parse_study(params)) < keys(study)


OTHER_RATES = {arm: 2 * rate for arm, rate in RATES.items()}


@pytest.mark.parametrize("change", [{"content": "g"}, {"rates": OTHER_RATES}])
def test_other_data_or_another_rate_is_another_run(study: Study, change: dict[str, Any]) -> None:
    assert not keys(study) & keys(study, **change)


def test_each_block_trains_at_the_rate_that_it_chose(study: Study) -> None:
    chosen = rates_of(RATES, 2) | {("adam", 1): {"learning_rate": 0.5}}
    specs = list(plan(study, "digits", "h", chosen, whole_blocks(study, 2)))
    rates = {(s.cell, s.replicate): s.recipe.learning_rate for s in specs}  # type: ignore[attr-defined]
    assert rates["adam+dropout", 0] == 0.003
    assert rates["adam+dropout", 1] == 0.5
    assert rates["baseline", 0] == rates["dropout", 1] == 0.1


def test_a_cell_has_as_many_blocks_as_asked_for_and_no_run_moves(study: Study) -> None:
    blocks = whole_blocks(study, 1) | {"adam": 2, "baseline": 2}
    specs = list(plan(study, "digits", "h", rates_of(RATES, 2), blocks))
    assert {s.cell for s in specs if s.replicate == 1} == {"adam", "baseline"}
    assert len(specs) == 17 + 2
    assert {s.run_key for s in specs} < keys(study)


def test_runs_wait_for_their_arm_and_stand_apart_when_no_trial_came_through(study: Study) -> None:
    chosen = {**rates_of({"baseline": 0.1}, 2), ("adam", 0): None}
    specs = list(plan(study, "digits", "h", chosen, whole_blocks(study, 2)))
    states = {(s.cell, s.replicate): s.state for s in specs}
    assert states["baseline", 0] == states["l2", 1] == "ready"
    assert states["adam", 0] == states["adam+l2", 0] == "not_tuned"
    assert states["adam", 1] == states["placebo", 0] == "waits"
