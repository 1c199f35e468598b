import numpy as np
import pytest

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


def test_no_examples_are_no_rows_of_as_many_columns():
    images = np.arange(12, dtype=np.uint8).reshape(3, 2, 2)
    assert Scaling.fit(images, np.arange(3)).apply(images[:0]).shape == (0, 4)


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


def test_pixels_are_scaled_as_the_method_says(tiny):
    images, indices = tiny["images"], np.arange(40)
    part = images[indices].astype(np.float64)
    expected = {
        "standard": (part - part.mean()) / part.std(),
        "unit": part / 255,
        "minmax": (part - part.min()) / (part.max() - part.min()),
        "none": part,
    }
    for method, values in expected.items():
        scaled = Scaling.fit(images, indices, method=method).apply(images[indices])
        np.testing.assert_allclose(scaled, values.reshape(40, -1), rtol=1e-5, atol=1e-5)


def test_columns_fill_the_unit_interval_or_stay_raw():
    x, indices = rows(), np.arange(40)
    scaled = Scaling.fit(x, indices, FEATURES, method="minmax").apply(x[indices])
    assert (scaled[:, 0].min(), scaled[:, 0].max()) == pytest.approx((0, 1), abs=1e-6)
    np.testing.assert_allclose(scaled[:, 3], 0, atol=1e-6)
    raw = Scaling.fit(x, indices, FEATURES, method="none").apply(x)
    np.testing.assert_array_equal(raw, x)
    for scaling in ("minmax", "none"):
        gap = np.full((1, 4), np.nan, np.float32)
        assert np.isfinite(Scaling.fit(x, indices, FEATURES, method=scaling).apply(gap)).all()


def test_a_table_has_no_255th():
    with pytest.raises(ValueError, match=r"scaling — must be .* got unit"):
        Scaling.fit(rows(), np.arange(40), FEATURES, method="unit")
