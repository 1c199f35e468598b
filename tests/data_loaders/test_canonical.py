"""The three datasets of the main study stay what they were, bit by bit."""

import hashlib

import numpy as np
import pytest

from data_loaders.batches import Batches
from data_loaders.load import load
from data_loaders.scaling import Scaling
from data_loaders.split import draw_split

# Content hash, split, scale, shift, batches (plain and flipped) and scaled rows, recorded before
# datasets of other kinds came.
RECORDED = {
    "digits": (
        "91b82400d0d87fa6", "a5e8f3c79ae8e000", "0x1.54706c310b9c2p-3", "-0x1.9fcb45ded4f0bp-1",
        "6006317e08ba34d8", "dbb2b23f899f0099",
    ),
    "mnist": (
        "b436ff421590a460", "344240c2d62d2e33", "0x1.a12a97c4a5717p-7", "-0x1.b22daf6989ac9p-2",
        "08029537e57da78c", "a80769a95506e0f0",
    ),
    "fashion_mnist": (
        "af9a86a28d3ab780", "6d851b168639fd6c", "0x1.6be47a5f3b5b8p-7", "-0x1.9eddfdaae908fp-1",
        "79223bb7c277314a", "b5b1da5446aa68ca",
    ),
}  # fmt: skip


def short_hash(*arrays):
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def hash_of_batches(data, split, scaling):
    digest = hashlib.sha256()
    for augment in (None, lambda images: np.flip(images, 2)):
        batches = Batches(
            data.x, data.y, split.train, batch_size=128, scaling=scaling,
            rng=np.random.default_rng(7), augment=augment,
        )  # fmt: skip
        for i, (x, y) in enumerate(batches):
            if i < 20:
                digest.update(x.tobytes())
                digest.update(y.tobytes())
    return digest.hexdigest()[:16]


@pytest.mark.parametrize("name", RECORDED)
def test_arrays_split_scaling_and_batches_are_the_recorded_ones(name, request):
    if name != "digits":
        request.getfixturevalue("real_mirror")
    data = load(name)
    split = draw_split(data, validation_fraction=0.1, rng=np.random.default_rng(20261))
    scaling = Scaling.fit(data.x, split.train, data.features)
    assert RECORDED[name] == (
        data.content_hash[:16],
        short_hash(split.train, split.validation, split.test),
        float(scaling.scale).hex(),
        float(scaling.shift).hex(),
        hash_of_batches(data, split, scaling),
        short_hash(scaling.apply(data.x[:1000])),
    )
