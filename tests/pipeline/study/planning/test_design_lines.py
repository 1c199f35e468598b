"""What a study will see: the more pairs of cells an effect averages, the smaller it may be."""

import re

import pytest

from experiments.design.study import Study, parse_study
from pipeline.study.planning.design_lines import fewest_pairs, outlook_lines


def study(design: str, **more: object) -> Study:
    factors = {
        "optimizer": ["sgd", "momentum", "adam"],
        "l2": {"off": 0, "on": 1e-4},
        "dropout": {"off": 0, "on": 0.2},
    }
    return parse_study({"datasets": ["mnist"], "factors": factors, "design": design, **more})


@pytest.mark.parametrize(
    ("design", "pairs"),
    [("full", 4), ("one_factor", 1), ("add_one_in", 1), ("leave_one_out", 1), ("pairs", 3)],
)
def test_the_least_averaged_effect_counts(design: str, pairs: int) -> None:
    """Of 3 x 2 x 2 cells momentum against sgd is a mean of four pairs, L2 one of six."""
    assert fewest_pairs(study(design)) == pairs


def test_a_fraction_compares_its_halves() -> None:
    names = ["l1", "l2", "dropout", "clip_norm"]
    levels = {name: {"off": 0 if name != "clip_norm" else None, "on": 0.1} for name in names}
    fraction = parse_study({"datasets": ["digits"], "factors": levels, "design": "fractional"})
    assert fewest_pairs(fraction) == 4


def test_fewer_pairs_leave_more_noise_and_a_full_factorial_the_measured_spread() -> None:
    def least(design: str) -> float:
        # The same number of comparisons whatever the design.
        said = next(iter(outlook_lines(study(design))))
        found = re.search(r"dropout ([\d.]+) pp", said)
        assert found
        return float(found[1])

    # One pair of cells moves by 0.10 points from block to block, the main effect by 0.06.
    assert least("one_factor") / least("full") == pytest.approx(0.10 / 0.06, rel=0.05)


@pytest.mark.parametrize(
    ("design", "compared"), [("full", 4), ("one_factor", 4), ("add_one_in", 3), ("pairs", 3)]
)
def test_the_family_counts_the_levels_that_the_design_runs(design: str, compared: int) -> None:
    """Momentum is no cell of a two-level design."""
    assert f"and {compared} comparisons" in next(iter(outlook_lines(study(design))))


def test_what_accuracy_varies_by_says_nothing_of_another_response() -> None:
    (said,) = outlook_lines(study("full", response="log_loss", margins={"mnist": 0.01}))
    assert said.endswith("of accuracy alone: not of log loss")
