"""What a study trains next."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.effects import component_effects
from experiments.analysis.open_comparisons import COLUMNS, cells_to_train, open_comparisons
from experiments.design.study import Study
from tests.experiments.analysis.conftest import study_of

MARGINS = {"mnist": 0.3, "digits": 0.3}
LOOKS = {"mnist": (5, 10, 20)}


def _study(factors, runs, **fields) -> Study:
    return study_of(factors, runs, **({"margins": MARGINS, "looks": LOOKS} | fields))


def _open(runs, factors, **fields) -> pd.DataFrame:
    table = open_comparisons(runs, _study(factors, runs, **fields))
    return table.set_index(["component", "level"], drop=False)


def test_a_decided_factor_frees_its_cells(run_table, factors) -> None:
    """Momentum and RMSProp are clear, Adam is not: only SGD's and Adam's cells go on."""
    effects = {"optimizer:momentum": 0.05, "optimizer:rmsprop": 0.05}
    clear = dict.fromkeys(("l2:on", "dropout:on", "augmentation:on"), 0.05)
    runs = run_table(factors, effects | clear | {"optimizer:adam": 0.003}, sd=0.01)
    table = _open(runs, factors)

    assert tuple(table.columns) == COLUMNS
    assert not table.loc[("optimizer", "momentum"), "open"]
    assert table.loc[("optimizer", "adam"), ["open", "n_next", "look"]].tolist() == [True, 10, 1]
    wanted = cells_to_train(table.drop(index=("placebo", "")))["mnist"]
    assert set(wanted.values()) == {10}
    kept = set(runs.loc[runs["optimizer"].isin(["sgd", "adam"]), "cell"]) - {"placebo"}
    assert set(wanted) == kept


def test_the_placebo_goes_on_with_its_baseline(run_table, switches) -> None:
    runs = run_table(switches, {f"{name}:on": 0.05 for name in "abc"}, sd=0.003)
    table = _open(runs, switches)

    assert table.loc[("placebo", ""), "open"]
    assert cells_to_train(table) == {"mnist": {"": 10, "placebo": 10}}


def test_the_last_look_leaves_nothing_to_train(run_table, switches) -> None:
    table = _open(run_table(switches, replicates=20, sd=0.05), switches)

    assert set(table["verdict"]) == {"inconclusive"}
    assert cells_to_train(table) == {}


def test_before_the_first_look_every_cell_is_wanted(run_table, switches) -> None:
    runs = run_table(switches, replicates=3)
    table = _open(runs, switches)

    assert set(table["look"]) == {0}
    assert set(cells_to_train(table)["mnist"]) == set(runs["cell"])
    assert set(table["n_next"]) == {5}


def test_the_table_of_effects_agrees(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.05, "b:on": 0.002}, sd=0.006, replicates=10)
    effects = component_effects(runs, _study(switches, runs), rng=np.random.default_rng(0))
    table = _open(runs, switches).drop(index=("placebo", "")).reset_index(drop=True)

    shared = ["component", "level", "look", "verdict", "verdict_reason"]
    pd.testing.assert_frame_equal(effects[shared], table[shared])


def test_cells_left_out_on_purpose_change_no_estimand(run_table, factors) -> None:
    """What stops at five blocks gives the same figures when its cells go no further."""
    effects = {
        "optimizer:momentum": 0.05,
        "l2:on": 0.05,
        "dropout:on": 0.05,
        "augmentation:on": 0.05,
    }
    full = run_table(factors, effects | {"optimizer:adam": 0.003}, sd=0.01, replicates=10)
    wanted = cells_to_train(_open(full[full["replicate"] < 5], factors))["mnist"]
    part = full[(full["replicate"] < 5) | full["cell"].isin(list(wanted))]
    assert len(part) < len(full)

    def table(runs):
        study = _study(factors, runs)
        return component_effects(runs, study, rng=np.random.default_rng(0)).set_index("level")

    whole, thin = table(full), table(part)
    same = ["effect_pp", "ci_low_pp", "n", "n_pairs", "n_missing", "look", "verdict"]
    pd.testing.assert_frame_equal(whole[same], thin[same])
    assert (thin["n_missing"] == 0).all()
    # The adam contrast went to ten blocks; shares over all cells stay with the five whole ones.
    first = table(full[full["replicate"] < 5])
    for name in ("shapley_pp", "leave_one_out_pp", "variance_share"):
        assert thin[name].to_numpy() == pytest.approx(first[name].to_numpy())


def test_a_dataset_to_come_counts_in_the_family(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.01})
    both = dict.fromkeys(("mnist", "digits"), (5, 10))

    one, two = (
        component_effects(runs, _study(switches, runs, **own), rng=np.random.default_rng(0))
        for own in ({"looks": {"mnist": (5, 10)}}, {"looks": both, "datasets": tuple(both)})
    )

    assert (set(one["family_size"]), set(two["family_size"])) == ({3}, {6})
    assert (two["p_adjusted"] >= one["p_adjusted"]).all()


def test_any_two_levels_are_a_question(run_table, factors) -> None:
    runs = run_table(factors, {"optimizer:adam": 0.02}, sd=0.002)
    table = _open(runs, factors, contrasts=[("adam", "momentum")])
    row = table[table["null_level"] == "momentum"].iloc[0]

    assert row["verdict"] == "helps"
    assert all(cell.startswith(("adam", "momentum")) for cell in row["cells"])


def test_contrasts_name_two_levels_of_one_factor(run_table, factors) -> None:
    for pair in (("adam", "nadam"), ("adam", "on"), ("adam", "adam")):
        with pytest.raises(ValueError, match="must name two levels of one factor"):
            _open(run_table(factors), factors, contrasts=[pair])
