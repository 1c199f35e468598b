"""Augmentations: identity at 0, properties, and SciPy as the reference."""

import numpy as np
import pytest
from scipy import ndimage

import nn


@pytest.fixture
def images():
    rng = np.random.default_rng(0)
    return ndimage.gaussian_filter(rng.uniform(0, 255, (20, 12, 9)), (0, 1, 1)).astype(np.float32)


def test_shift_moves_whole_pixels(images):
    shifted = nn.AUGMENTATIONS["shift"](max_shift=2)(images, rng=np.random.default_rng(0))
    for before, after in zip(images, shifted, strict=True):
        moves = [
            ndimage.shift(before, (i, j), order=0, prefilter=False)
            for i in range(-2, 3)
            for j in range(-2, 3)
        ]
        assert any(np.array_equal(after, move) for move in moves)


def test_sampler_agrees_with_scipy(images):
    rng = np.random.default_rng(0)
    rows, columns = rng.uniform(-3, 14, (2, *images.shape)).astype(np.float32)
    expected = [
        ndimage.map_coordinates(image, [r, c], order=1, mode="grid-constant")
        for image, r, c in zip(images, rows, columns, strict=True)
    ]
    sampled = nn.augmentation.bilinear.BilinearSampler()(images, rows.copy(), columns.copy())
    np.testing.assert_allclose(sampled, expected, atol=2e-3)


def test_elastic_field_agrees_with_scipy():
    augment = nn.AUGMENTATIONS["elastic"](alpha=34, sigma=4)
    field = np.random.default_rng(0).uniform(-1, 1, (28, 28))
    blurred = augment._blur(28) @ field @ augment._blur(28)
    expected = ndimage.gaussian_filter(field, 4, mode="constant", truncate=8)
    np.testing.assert_allclose(blurred, expected, atol=1e-6)


def test_affine_maps_are_inverses_of_scale_shear_rotation():
    augment = nn.AUGMENTATIONS["affine"](rotation=30, scale=0.2, shear=0.3)
    draws = np.random.default_rng(0).uniform(-1, 1, (4, 5))
    angle, shear = np.radians(30) * draws[0], 0.3 * draws[3]
    for k, inverse in enumerate(np.moveaxis(augment._inverse_maps(draws), -1, 0)):
        cos, sin = np.cos(angle[k]), np.sin(angle[k])
        scale = np.diag(1 + 0.2 * draws[1:3, k])
        forward = [[cos, sin], [-sin, cos]] @ np.array([[1, 0], [shear[k], 1]]) @ scale
        np.testing.assert_allclose(inverse @ forward, np.eye(2), atol=1e-12)


def test_flip_mirrors_some(images):
    flipped = nn.AUGMENTATIONS["flip"]()(images, rng=np.random.default_rng(0))
    mirrored = [np.array_equal(a, b[:, ::-1]) for a, b in zip(flipped, images, strict=True)]
    same = [np.array_equal(a, b) for a, b in zip(flipped, images, strict=True)]
    assert all(m != s for m, s in zip(mirrored, same, strict=True))
    assert 3 < sum(mirrored) < 17


def test_erasing_leaves_one_square_of_background():
    images = np.ones((50, 12, 9), np.float32)
    erased = nn.AUGMENTATIONS["erasing"](1.0, 0.34)(images, rng=np.random.default_rng(0))
    assert (erased.sum(axis=(1, 2)) == 12 * 9 - 9).all()


def test_noise_has_its_deviation():
    images = np.zeros((200, 28, 28), np.float32)
    noisy = nn.AUGMENTATIONS["noise"](5.0)(images, rng=np.random.default_rng(0))
    assert noisy.std() == pytest.approx(5, rel=0.02)


IMAGE_KINDS = [name for name in nn.AUGMENTATIONS if name != "mixup"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", IMAGE_KINDS)
def test_every_channel_gets_the_draws_of_its_image(images, kind, dtype):
    grey = images.astype(dtype)
    colours = np.stack([grey, grey[::-1], grey / 2], axis=-1)

    def augmented(pictures):
        return nn.AUGMENTATIONS[kind]()(pictures, rng=np.random.default_rng(1))

    result = augmented(colours)
    for channel in range(3):
        alone = augmented(np.ascontiguousarray(colours[..., channel]))
        np.testing.assert_array_equal(result[..., channel], alone)


def test_an_augmentation_goes_from_grey_to_colours_and_back(images):
    colours = np.stack([images] * 3, axis=-1)
    for kind in IMAGE_KINDS:
        augment, fresh = nn.AUGMENTATIONS[kind](), nn.AUGMENTATIONS[kind]()
        augment(images, rng=np.random.default_rng(0))
        augment(colours, rng=np.random.default_rng(0))
        np.testing.assert_array_equal(
            augment(images, rng=np.random.default_rng(1)),
            fresh(images, rng=np.random.default_rng(1)),
        )
