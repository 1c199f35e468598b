"""Few test images: a share of 20 images is a count, and resolves no more than one."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.evidence import evidence
from experiments.analysis.paired import paired_t
from experiments.analysis.resolution import least_sd

PAIR = np.array([[1.0, -1.0]])


def test_worked_example() -> None:
    # Two replicates of 20 images, one image between the sides in all: se² = 2 / 40².
    found = least_sd(np.array([[0.0], [0.05]]), PAIR, np.full((2, 2), 20.0))

    assert found / np.sqrt(2) == pytest.approx(np.sqrt(2) / 40)


def test_thousands_of_images_change_nothing() -> None:
    units = np.random.default_rng(0).normal(0.002, 0.001, (5, 1))

    assert least_sd(units, PAIR, np.full((5, 2), 10_000.0)) < units.std(ddof=1)


def test_unknown_counts_give_no_floor() -> None:
    assert least_sd(np.zeros((3, 1)), PAIR, np.full((3, 2), np.nan)) == 0.0
    assert least_sd(np.zeros((0, 1)), PAIR, np.zeros((0, 2))) == 0.0


@pytest.mark.parametrize("n", [2, 3, 5, 10])
@pytest.mark.parametrize(("images", "errors"), [(20, (0.02, 0.005)), (360, (0.003, 0.001))])
def test_rare_errors_cover_and_are_seldom_called_equivalent(
    n: int, images: int, errors: tuple[float, float]
) -> None:
    rng, size, truth = np.random.default_rng(n), 600, 100 * (errors[0] - errors[1])
    wrong = [rng.binomial(images, rate, (size, n)) / images for rate in errors]
    covered, equivalent = [], 0
    for differences in wrong[0] - wrong[1]:
        floor = 100 * least_sd(differences[:, None], PAIR, np.full((n, 2), float(images)))
        estimate = paired_t(100 * differences, least_sd=floor)
        if np.isfinite(estimate.ci_low):
            covered.append(estimate.ci_low <= truth <= estimate.ci_high)
        # The margin is the true effect, so that every equivalence is false.
        said = evidence(100 * differences, margin=truth, level=0.05, least_sd=floor)
        equivalent += said.equivalent

    assert np.mean(covered) >= 0.93
    assert equivalent / size <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / size)


def test_ties_were_a_false_equivalence_before() -> None:
    # At two blocks of 20 images more than a third of the samples show equal counts.
    rng = np.random.default_rng(0)
    a, b = (rng.binomial(20, rate, (1000, 2)) for rate in (0.02, 0.005))
    tied = (a == b).all(axis=1)

    assert tied.mean() > 0.3
    assert not evidence(np.zeros(2), margin=1.5, level=0.05).equivalent
