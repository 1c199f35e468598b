"""The crossed bootstrap: coverage over new seeds and new images, decoding, bookkeeping."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from experiments.analysis.contrasts import contrast
from experiments.analysis.crossed import crossed_intervals, image_contrasts
from experiments.analysis.grid import block_grids
from experiments.analysis.paired import paired_t
from experiments.analysis.units import main_effect_units
from tests.experiments.analysis.conftest import study_of

N_IMAGES, N_SIMULATIONS = 300, 400


def _study(rng: np.random.Generator, n: int, *, seed_sd: float, image_sd: float) -> np.ndarray:
    """Correctness of A minus that of B for n seeds on images that like A or B more or less."""
    image = rng.standard_normal(N_IMAGES)
    liking = image_sd * rng.standard_normal(N_IMAGES)
    seeds = seed_sd * rng.standard_normal((2, n, 1))
    noise = rng.standard_normal((2, n, N_IMAGES))
    a = 1.0 + image + liking + seeds[0] + noise[0] > 0
    b = 0.8 + image + seeds[1] + noise[1] > 0
    return a.astype(float) - b


def _truth(seed_sd: float, image_sd: float) -> float:
    spread = 2 + seed_sd**2
    return float(
        stats.norm.cdf(1.0 / np.sqrt(spread + image_sd**2)) - stats.norm.cdf(0.8 / np.sqrt(spread))
    )


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize(("seed_sd", "image_sd"), [(0.0, 0.0), (0.2, 0.0), (0.1, 1.5)])
def test_interval_covers(n: int, seed_sd: float, image_sd: float) -> None:
    rng = np.random.default_rng(n)
    truth = _truth(seed_sd, image_sd)
    hits = []
    for _ in range(N_SIMULATIONS):
        c = _study(rng, n, seed_sd=seed_sd, image_sd=image_sd)
        low, high = crossed_intervals([c], rng=rng, n_resamples=200)[0]
        hits.append(low <= truth <= high)

    assert np.mean(hits) >= 0.93


def test_seeds_alone_would_not_cover_new_images() -> None:
    rng = np.random.default_rng(0)
    truth = _truth(0.1, 1.5)
    made = [
        paired_t(_study(rng, 10, seed_sd=0.1, image_sd=1.5).mean(axis=1))
        for _ in range(N_SIMULATIONS)
    ]

    assert np.mean([e.ci_low <= truth <= e.ci_high for e in made]) < 0.85


def test_without_image_variance_it_is_the_interval_over_seeds() -> None:
    c = np.repeat(np.array([[0.1], [0.2], [0.4]]), 50, axis=1)
    seeds = paired_t(c.mean(axis=1))

    low, high = crossed_intervals([c], rng=np.random.default_rng(0), n_resamples=20000)[0]

    assert (low, high) == pytest.approx((seeds.ci_low, seeds.ci_high), rel=0.03)


def test_swapping_sides_mirrors_and_one_block_gives_nan() -> None:
    c = _study(np.random.default_rng(0), 5, seed_sd=0.2, image_sd=1.0)

    (one,) = crossed_intervals([c], rng=np.random.default_rng(1))
    (other,) = crossed_intervals([-c], rng=np.random.default_rng(1))
    both = crossed_intervals([c, c[:1]], rng=np.random.default_rng(1))

    assert other.tolist() == pytest.approx((-one[::-1]).tolist())
    assert np.isnan(both[1]).all()
    assert crossed_intervals([], rng=np.random.default_rng(1)).shape == (0, 2)


def test_image_contrast_has_the_effect_as_its_mean(run_table, switches) -> None:
    rng = np.random.default_rng(0)
    runs = run_table(switches, replicates=3)
    correct = {key: rng.random(40) < 0.9 for key in runs["run_key"]}
    runs["test_accuracy"] = [correct[key].mean() for key in runs["run_key"]]
    grid = next(block_grids(runs, study_of(switches, runs)))
    units = main_effect_units(grid, "b", "on", "off")
    effect = contrast(grid, grid.response("test_accuracy"), units)

    (images,) = image_contrasts(grid, [effect], correct)

    assert images.shape == (3, 40)
    assert images.mean(axis=1) == pytest.approx(effect.per_block, abs=1e-6)
    del correct[runs["run_key"][0]]
    assert image_contrasts(grid, [effect], correct) == [None]
