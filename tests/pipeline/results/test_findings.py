"""The sentence on each component: claim, interval, p, n, cost, condition."""

from dataclasses import replace

import pytest

from pipeline.results.findings import finding
from pipeline.results.tables.analyse import analyse


@pytest.fixture
def row(study, tables):
    """The row of augmentation on MNIST."""
    effects = tables["effects"]
    rows = effects[(effects["dataset"] == "mnist") & (effects["component"] == "augmentation")]
    return rows.to_dict("records")[0]


def test_a_finding_says_all_that_a_claim_needs(study, row):
    known = {
        "effect_pp": 0.4053, "ci_low_pp": 0.366, "ci_high_pp": 0.4439, "p_adjusted": 0.0004,
        "n": 5, "n_pairs": 16, "step_ratio": 1.35, "step_low": 1.33, "step_high": 1.38,
        "time_ratio": 1.5, "time_ratio_low": 1.4, "time_ratio_high": 1.6, "verdict": "helps",
        "images_ci_low_pp": 0.25, "images_ci_high_pp": 0.56,
    }  # fmt: skip
    assert finding(row | known, study) == (
        "On MNIST, augmentation raised test accuracy (+0.41 [+0.37, +0.44] pp, 95 % interval, "
        "adjusted p < 0.001, n = 5); over other test images as well [+0.25, +0.56]; it costs "
        "×1.35 [1.33, 1.38] per step and takes ×1.50 [1.40, 1.60] the CPU time per run; averaged "
        "over all 16 combinations of optimizer, L2 and dropout."
    )


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("hurts", "lowered test accuracy"),
        ("equivalent", "by less than the margin of ±0.1 pp"),
        ("inconclusive", "this study cannot tell"),
    ],
)
def test_each_verdict_has_its_words(study, row, verdict, words):
    said = finding(row | {"verdict": verdict}, study)
    assert words in said
    # Never "no effect": a study that could not tell has not shown that.
    assert "no effect" not in said
    assert "significant" not in said


def test_equivalence_shows_the_interval_that_it_rests_on(study, row):
    known = {"verdict": "equivalent", "effect_pp": 0.01, "equivalence_ci_low_pp": -0.03,
             "equivalence_ci_high_pp": 0.05, "p_equivalence_adjusted": 0.02}  # fmt: skip
    line = finding(row | known, study)
    assert "less than the margin of ±0.1 pp (+0.01 [−0.03, +0.05] pp, 90 % interval" in line
    assert "adjusted p = 0.020" in line
    # Each of four looks has a quarter of alpha.
    assert "97.5 % interval" in finding(row | known | {"n_looks": 4}, study)
    assert "98.75 % interval" in finding(row | {"verdict": "helps", "n_looks": 4}, study)


def test_what_depends_gives_both_simple_effects(study, row):
    sides = {f"simple_{side}{end}_pp": value for side, values in
             {"without": (0.01, -0.1, 0.12), "with": (-1.2, -1.4, -1.0)}.items()
             for end, value in zip(("", "_ci_low", "_ci_high"), values, strict=True)}  # fmt: skip
    turned = {"verdict": "depends", "depends_on": "dropout: on; optimizer: adam"}
    line = finding(row | sides | turned, study)
    assert line.startswith(
        "On MNIST, augmentation depends on dropout (and on adam): its effect on test accuracy is "
        "+0.01 [−0.10, +0.12] pp without it and −1.20 [−1.40, −1.00] pp with it (on average +0."
    )


@pytest.mark.parametrize(
    "why",
    [
        "all blocks show the same difference, which leaves no scale to judge it",
        "runs diverged on one side only in 1 of 5 blocks, too few to decide and too many to "
        "leave out",
        "the difference does not survive the correction for many comparisons",
    ],
)
def test_an_open_comparison_says_what_it_lacks(study, row, why):
    open_ = row | {"verdict": "inconclusive", "verdict_reason": why}
    assert f"cannot tell its effect on test accuracy, because {why} (" in finding(open_, study)
    ties = open_ | {"ci_low_pp": float("nan"), "ci_high_pp": float("nan")}
    assert "pp, without an interval, n = 5)" in finding(ties, study)
    plain = open_ | {"verdict_reason": "neither a difference nor its absence is shown"}
    assert "neither a difference" not in finding(plain, study)


def test_rows_of_a_table_are_no_images(study, row):
    card = replace(study.cards["mnist"], image_shape=(30,))
    table = replace(study, cards={**study.cards, "mnist": card})
    assert "over other test examples as well" in finding(row, table)


def test_a_claim_that_other_test_images_would_take_back_says_so(study, row):
    wide = row | {"verdict": "helps", "images_ci_low_pp": -0.02, "images_ci_high_pp": 0.8}
    assert "so that the claim holds for these images only" in finding(wide, study)
    assert "these images only" not in finding(wide | {"verdict": "inconclusive"}, study)
    own = row | {"images_ci_low_pp": float("nan"), "images_ci_high_pp": float("nan")}
    assert "test images" not in finding(own, study)


def test_what_was_not_measured_is_not_said(study, row):
    nothing = float("nan")
    said = finding(row | {"step_ratio": nothing, "time_ratio": nothing}, study)
    assert "per step" not in said
    assert "CPU" not in said
    unknown = row | {"effect_pp": nothing, "notes": "no pair of cells finished"}
    assert finding(unknown, study) == (
        "On MNIST, nothing can be said about augmentation: no pair of cells finished."
    )


def test_an_effect_of_one_pair_or_some_says_so(study, row):
    assert finding(row | {"n_pairs": 1, "n_cells": 2}, study).endswith(
        "; measured at one combination of optimizer, L2 and dropout alone."
    )
    fraction = finding(row | {"n_pairs": 1, "n_cells": 16}, study)
    assert fraction.endswith("8 cells with it against 8 without, balanced in the other components.")
    assert "averaged over 7 of 16 combinations" in finding(row | {"n_pairs": 7}, study)
    last = study.study.model_copy(update={"factors": study.study.factors[-1:]})
    alone = replace(study, study=last)
    assert finding(row, alone).endswith("; no other factor was varied.")


def test_a_side_that_diverged_is_said(study, row):
    lost = row | {"verdict": "hurts", "verdict_reason": "most runs with it diverged"}
    assert "hurts: most runs with it diverged" in finding(lost, study)


def test_every_row_of_every_design_has_a_sentence(small, small_tables, study_of):
    partial = study_of(("digits",), design="add_one_in", n_test=200)
    for study, made in ((small, small_tables), (partial, analyse(partial))):
        for entry in made["effects"].to_dict("records"):
            said = finding(entry, study)
            assert said.startswith("On digits, ")
            assert said.endswith(".")
            assert "nan" not in said
