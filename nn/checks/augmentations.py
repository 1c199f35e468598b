"""The contract of augmentations, and that of mixup."""

from __future__ import annotations

import numpy as np

from nn.checks.contract import BreachError, Subject, same_bytes


def exercise(subject: Subject) -> list[np.ndarray]:
    """Augment two batches of images."""
    augment, rng = subject.make(), np.random.default_rng(3)
    return [np.asarray(augment(_images()[:n], rng=rng)).copy() for n in (20, 3)]


def dtype_and_shape(subject: Subject) -> None:
    """Finite images like those that came, which stay as they are."""
    grey, colours = _images(), np.stack([_images()] * 3, axis=-1)
    for images in (grey, grey.astype(np.float64), colours):
        held, result = images.copy(), subject.make()(images, rng=np.random.default_rng(3))
        same = (result.shape, result.dtype) == (images.shape, images.dtype)
        if not same or not np.isfinite(result).all():
            raise BreachError(
                f"must return finite images {images.shape} of {images.dtype}",
                f"{result.shape} of {result.dtype}",
                "Use result.astype(images.dtype).",
            )
        if not np.array_equal(images, held):
            raise BreachError(
                "the images must stay as they are", "changed ones", "Work on images.copy()."
            )


def images_are_treated_by_themselves(subject: Subject) -> None:
    """An image's result holds nothing of its neighbours: black ones stay what they would be."""
    images = _images()
    lonely = images.copy()
    lonely[1:] = 0
    one = np.asarray(subject.make()(images, rng=np.random.default_rng(3)))[0].copy()
    other = np.asarray(subject.make()(lonely, rng=np.random.default_rng(3)))[0]
    if not np.array_equal(one, other):
        raise BreachError(
            "an image's result must not depend on its neighbours",
            "another result beside black images",
            "Work along axes 1 and 2; (n, h, w) or (n, h, w, channels) comes in.",
        )


def one_channel_is_grey(subject: Subject) -> None:
    """Images (n, h, w, 1) come out as the images (n, h, w) do."""
    grey = subject.make()(_images(), rng=np.random.default_rng(3))
    deep = subject.make()(_images()[..., None], rng=np.random.default_rng(3))
    if not same_bytes([np.asarray(grey)[..., None]], [np.asarray(deep)]):
        raise BreachError(
            "images with one channel must give the values of grey ones",
            "others",
            "Draw per image or pixel, and use the draw for all channels.",
        )


def off_is_absent(subject: Subject) -> None:
    """At its off options the very bytes come back and nothing is drawn."""
    if subject.off is None:
        return
    rng = np.random.default_rng(1)
    state = rng.bit_generator.state
    result = subject.make(**subject.off)(_images(), rng=rng)
    if not same_bytes([result], [_images()]) or rng.bit_generator.state != state:
        raise BreachError(
            f"at {dict(subject.off)} images and generator must stay as they are",
            "others",
            "Return the images before anything is drawn.",
        )


RULES = (
    dtype_and_shape,
    one_channel_is_grey,
    images_are_treated_by_themselves,
    off_is_absent,
)


def exercise_mixup(subject: Subject) -> list[np.ndarray]:
    """Mix a batch with itself."""
    x, targets = _batch()
    return list(subject.make()(x, targets, rng=np.random.default_rng(3)))


def targets_are_mixed_as_inputs(subject: Subject) -> None:
    """Rows of the identity go in twice: what comes out agrees, each row with sum 1."""
    for dtype in (np.float32, np.float64):
        rows = np.eye(6, dtype=dtype)
        mixed, targets = subject.make()(rows, rows.copy(), rng=np.random.default_rng(0))
        agree = np.array_equal(mixed, targets) and np.allclose(targets.sum(axis=1), 1)
        if not agree or (mixed.dtype, targets.dtype) != (dtype, dtype):
            raise BreachError(
                "targets must be mixed with the shares of the inputs, which sum to 1",
                f"rows that sum to {targets.sum(axis=1)}",
                "Draw shares and partners once, use them twice.",
            )


def mixup_off_is_absent(subject: Subject) -> None:
    """At its off options the very bytes come back and nothing is drawn."""
    if subject.off is None:
        return
    rng = np.random.default_rng(1)
    state = rng.bit_generator.state
    result = list(subject.make(**subject.off)(*_batch(), rng=rng))
    if not same_bytes(result, list(_batch())) or rng.bit_generator.state != state:
        raise BreachError(
            f"at {dict(subject.off)} batch and generator must stay as they are",
            "others",
            "Return both before anything is drawn.",
        )


MIXUP_RULES = (targets_are_mixed_as_inputs, mixup_off_is_absent)


def _images() -> np.ndarray:
    """Return smooth images (20, 12, 9) of raw pixel values."""
    rng = np.random.default_rng(0)
    noise = rng.uniform(0, 255, (20, 14, 11))
    return ((noise[:, :-2, :-2] + noise[:, 1:-1, 1:-1] + noise[:, 2:, 2:]) / 3).astype(np.float32)


def _batch() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(6, 5)).astype(np.float32), np.eye(6, 4, dtype=np.float32)
