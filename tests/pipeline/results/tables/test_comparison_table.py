"""The ladder: baseline, what helps, the best."""

from pipeline.results.tables.comparison_table import ladder


def only(tables, *helping):
    """Return the tables with these (component, level) as the ones that help on digits."""
    effects = tables["effects"]
    pairs = list(zip(effects["component"], effects["level"], strict=True))
    verdicts = ["helps" if pair in helping else "inconclusive" for pair in pairs]
    return {**tables, "effects": effects.assign(verdict=verdicts)}


def test_each_rung_adds_a_component_that_helps_to_the_one_before(small, small_tables):
    tables = only(small_tables, ("optimizer", "adam"), ("optimizer", "momentum"), ("l2", "on"))
    rungs = ladder(small, tables, "digits")
    effects = small_tables["effects"].set_index("level")["effect_pp"]
    best = effects[["adam", "momentum"]].idxmax()
    steps = [rung["step"] for rung in rungs]
    assert steps[0] == "baseline"
    assert set(steps[1:3]) == {f"+ {best}", "+ L2"}
    assert steps[3:] in ([], ["best of all"])
    assert rungs[2]["cell"] == f"{best}+l2"


def test_numbers_are_those_of_the_cells(small, small_tables):
    rungs = ladder(small, only(small_tables), "digits")
    assert [rung["step"] for rung in rungs] == ["baseline", "best of all"]
    assert (rungs[0]["gain"], rungs[0]["height"], rungs[1]["height"]) == ("", 0.0, 1.0)
    cells = small_tables["cells"].set_index("cell")
    best = 100 * cells.loc[rungs[1]["cell"], "mean_accuracy"]
    assert abs(float(rungs[1]["mean"].split()[0]) - best) < 0.06
    assert rungs[1]["gain"].endswith("] pp")


def test_a_gain_over_fewer_blocks_than_the_baselines_says_so(small, small_tables):
    cells = small_tables["cells"]
    fewer = cells.assign(n=cells["n"].mask(cells["is_baseline"], cells["n"] + 5))
    rungs = ladder(small, {**only(small_tables), "cells": fewer}, "digits")
    assert rungs[1]["gain"].endswith("] pp over 5 blocks")


def test_a_combination_that_the_design_lacks_is_left_out(study_of):
    from pipeline.results.tables.analyse import analyse

    study = study_of(("digits",), design="add_one_in", n_test=200)
    tables = only(analyse(study), ("optimizer", "adam"), ("augmentation", "on"))
    steps = [rung["step"] for rung in ladder(study, tables, "digits")]
    assert len([step for step in steps if step.startswith("+")]) == 1
