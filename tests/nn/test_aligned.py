"""Aligned memory: where it starts, and that it is what NumPy would give."""

import numpy as np
import pytest

from nn.aligned import aligned_zeros


@pytest.mark.parametrize("shape", [(0,), (1,), (7,), (3, 5), (0, 4), (2, 3, 4)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_zeros_on_a_cache_line(shape, dtype):
    held = [aligned_zeros(shape, dtype) for _ in range(5)]
    for array in held:
        assert array.ctypes.data % 64 == 0 or array.size == 0
        assert array.flags.c_contiguous
        assert array.flags.writeable
        np.testing.assert_array_equal(array, np.zeros(shape, dtype), strict=True)


def test_a_copied_network_keeps_its_views_and_its_lines():
    import copy

    import nn

    network = nn.Network(
        [nn.Dense(5), nn.Dense(3)], n_inputs=4, batch_size=2, rng=np.random.default_rng(0)
    )
    twin = copy.deepcopy(network)
    assert twin.parameters.ctypes.data % 64 == 0
    twin.layers[0].weight.value[...] = 7
    assert (twin.parameters[:20] == 7).all()
    assert not (network.parameters == 7).any()
