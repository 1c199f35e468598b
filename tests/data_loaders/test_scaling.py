import numpy as np

from data_loaders.datasets import Feature
from data_loaders.scaling import Scaling


def test_the_training_part_gets_mean_zero_and_variance_one(tiny):
    indices = np.arange(40)
    scaled = Scaling.fit(tiny["images"], indices).apply(tiny["images"][indices])
    assert scaled.dtype == np.float32
    assert scaled.shape == (40, 30)
    assert abs(scaled.mean(dtype=np.float64)) < 1e-6
    assert abs(scaled.std(dtype=np.float64) - 1) < 1e-6


def test_only_the_training_part_is_looked_at(tiny):
    indices = np.arange(0, 60, 2)
    fitted = Scaling.fit(tiny["images"], indices)
    others = tiny["images"].copy()
    others[1::2] = 255
    assert Scaling.fit(others, indices) == fitted


def test_moments_are_exact_over_more_than_one_piece():
    images = np.random.default_rng(0).integers(0, 256, (2500, 3, 3), np.uint8)
    fitted = Scaling.fit(images, np.arange(2500))
    np.testing.assert_allclose(fitted.scale, 1 / images.std(), rtol=1e-13)
    np.testing.assert_allclose(fitted.shift, -images.mean() / images.std(), rtol=1e-13)


def test_moments_count_every_pixel_of_an_odd_number():
    images = np.random.default_rng(0).integers(0, 256, (1027, 5, 5), np.uint8)
    fitted = Scaling.fit(images, np.arange(1027))
    np.testing.assert_allclose(fitted.scale, 1 / images.std(), rtol=1e-13)
    np.testing.assert_allclose(fitted.shift, -images.mean() / images.std(), rtol=1e-13)


def test_images_of_one_value_scale_to_zero():
    images = np.full((3, 2, 2), 9, np.uint8)
    assert not Scaling.fit(images, np.arange(3)).apply(images).any()


FEATURES = (Feature("a"), Feature("b", "u"), Feature("b", "v"), Feature("c"))


def rows():
    rng = np.random.default_rng(0)
    code = np.arange(60) % 3 == 0
    return np.stack(
        [rng.normal(5, 3, 60), ~code, code, np.full(60, 1.1)], axis=1
    ).astype(np.float32)  # fmt: skip


def test_columns_are_standardised_with_the_training_part_categories_stay():
    x, indices = rows(), np.arange(40)
    scaled = Scaling.fit(x, indices, FEATURES).apply(x[indices])
    assert abs(scaled[:, 0].mean(dtype=np.float64)) < 1e-6
    assert abs(scaled[:, 0].std(dtype=np.float64) - 1) < 1e-6
    np.testing.assert_array_equal(scaled[:, 1:3], x[indices, 1:3])
    np.testing.assert_allclose(scaled[:, 3], 0, atol=1e-6)


def test_gaps_are_filled_with_the_training_parts_median_and_most_frequent_category():
    x, indices = rows(), np.arange(40)
    x[50] = np.nan
    x[40:50] = 1000
    scaling = Scaling.fit(x, indices, FEATURES)
    filled = scaling.apply(x[50:51])[0]
    expected = (np.median(x[:40, 0]) - x[:40, 0].mean()) / x[:40, 0].std()
    np.testing.assert_allclose(filled[0], expected, rtol=1e-5)
    assert filled[1:3].tolist() == [1, 0]
    assert not np.isnan(filled).any()


def test_scalings_are_equal_where_every_constant_is():
    x = rows()
    fitted = Scaling.fit(x, np.arange(40), FEATURES)
    assert fitted == Scaling.fit(x, np.arange(40), FEATURES)
    assert fitted != Scaling.fit(x, np.arange(41), FEATURES)


def test_a_column_without_any_value_in_the_training_part_is_zero():
    x = rows()
    x[:40, 0] = np.nan
    scaled = Scaling.fit(x, np.arange(40), FEATURES).apply(x)
    assert not scaled[:40, 0].any()
    assert np.isfinite(scaled).all()
