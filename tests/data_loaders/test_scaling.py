import numpy as np

from data_loaders.in_order import iterate
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


def test_images_of_one_value_scale_to_zero():
    images = np.full((3, 2, 2), 9, np.uint8)
    assert not Scaling.fit(images, np.arange(3)).apply(images).any()


def test_in_order_iteration_gives_the_examples_as_they_stand(tiny):
    indices, scaling = np.array([7, 3, 3, 59, 0]), Scaling(0.5, -1.0)
    pieces = list(iterate(tiny["images"], tiny["labels"], indices, 2, scaling))
    assert [len(y) for _, y in pieces] == [2, 2, 1]
    np.testing.assert_array_equal(
        np.concatenate([x for x, _ in pieces]), scaling.apply(tiny["images"][indices])
    )
    labels = np.concatenate([y for _, y in pieces])
    assert labels.dtype == np.int64
    np.testing.assert_array_equal(labels, tiny["labels"][indices])
