"""What a study can see, in figures and sentences."""

from __future__ import annotations

import pytest

from experiments.design.feasibility import expected_spread, feasibility
from experiments.design.power import power


def _of(counts: tuple[int, ...], m: int, sd: float):
    (found,) = feasibility(
        {"digits": {"dropout": sd}},
        looks={"digits": counts},
        n_comparisons=m,
        margins={"digits": 0.5},
    )
    return found


def test_figures_are_those_of_the_last_look_at_the_first_step() -> None:
    found = _of((5, 10, 20, 40), 18, 0.43)

    effect = found.detectable_pp["dropout"]
    assert (found.n_blocks, found.n_looks) == (40, 4)
    assert power(effect, sd=0.43, n_pairs=40, alpha=0.05 / 72) == pytest.approx(0.8, abs=1e-3)
    assert effect < _of((5,), 18, 0.43).detectable_pp["dropout"] / 4


def test_a_main_study_on_digits_cannot_see_its_margin_with_five_blocks() -> None:
    found = _of((5,), 18, expected_spread("digits", "dropout", n_pairs=16))

    assert found.detectable_pp["dropout"] > 1
    assert found.equivalence["dropout"] < 0.05
    assert "will often stay inconclusive" in found.sentences[-1]
    assert "5 replicates and 18 comparisons" in found.sentences[0]
    assert "5 replicates and 1 comparison four" in _of((5,), 1, 0.1).sentences[0]


def test_looks_are_named() -> None:
    first = _of((5, 10), 18, 0.1).sentences[0]

    assert "with 5 to 10 replicates, 2 looks and 18 comparisons" in first


def test_one_replicate_says_so() -> None:
    assert _of((1,), 18, 0.1).sentences == (
        "digits: 1 replicate gives no interval and no test; plan at least two.",
    )


def test_a_small_design_keeps_the_noise_of_its_cells() -> None:
    assert expected_spread("digits", "augmentation", n_pairs=16) == 0.74
    assert expected_spread("digits", "augmentation", n_pairs=1) == 0.9
    assert expected_spread("digits", "warm-up", n_pairs=16) == 0.74
    assert expected_spread("wine", "l2", n_pairs=1) == 0.5
