"""The network: layout, batches of any size, state, copies."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn


def test_weights_come_first(build):
    network = build(extra=[nn.BatchNorm])
    matrices = sum(p.value.size for la in network.layers for p in la.parameters() if p.is_weight)
    assert len(network.weights) == matrices == 6 * 16 + 16 * 8 + 8 * 4
    network.weights[...] = 7
    assert all(
        (p.value == 7).all() == p.is_weight for la in network.layers for p in la.parameters()
    )


def test_logits_takes_any_number_of_rows(build, blobs):
    network, x = build(), np.tile(blobs().x, (3, 1))
    rows = np.vstack([network.forward(row[None]).copy() for row in x])
    np.testing.assert_allclose(network.logits(x), rows, rtol=1e-5, atol=1e-5)
    assert network.logits(x[:0]).shape == (0, 4)


@given(st.integers(0, 40), st.sampled_from([np.float32, np.float64]))
def test_shapes_and_dtypes(n, dtype):
    network = nn.Network(
        [nn.Dense(3), nn.ACTIVATIONS["elu"](), nn.BatchNorm(), nn.Dense(2)],
        n_inputs=5,
        batch_size=8,
        rng=np.random.default_rng(0),
        dtype=dtype,
    )
    logits = network.logits(np.ones((n, 5)))
    assert (logits.shape, logits.dtype) == ((n, 2), dtype)


def test_too_many_rows_are_refused(build):
    with pytest.raises(ValueError, match=r"at most 256 rows — got 300\. Raise batch_size"):
        build().forward(np.zeros((300, 6), np.float32))


def test_both_precisions_start_alike(build):
    np.testing.assert_array_equal(
        build().parameters, build(dtype=np.float64).parameters.astype(np.float32)
    )


def test_state_restores_all(fit, build, blobs):
    network, _ = fit(build(extra=[nn.BatchNorm]))
    other = build(extra=[nn.BatchNorm], seed=9)
    other.load_state(network.state())
    np.testing.assert_array_equal(other.logits(blobs().x), network.logits(blobs().x))


def test_foreign_state_is_refused(build):
    with pytest.raises(ValueError, match=r"Network\.load_state"):
        build().load_state(build(extra=[nn.BatchNorm]).state())


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))])  # noqa: S301
def test_a_copy_trains_like_the_original(fit, build, duplicate):
    network, _ = fit(build(rate=0.2, extra=[nn.BatchNorm]))
    other = duplicate(network)
    fit(network)
    fit(other)
    np.testing.assert_array_equal(other.parameters, network.parameters)
    assert other.layers[0].weight.value.base is not network.layers[0].weight.value.base


def test_import_knows_no_scikit_learn():
    import subprocess
    import sys

    code = "import nn, sys; assert not {'sklearn', 'scipy', 'data_loaders'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_rows_give_no_logits():
    network = nn.Network(
        [nn.Dense(5), nn.ACTIVATIONS["relu"](), nn.Dense(3)],
        n_inputs=4,
        batch_size=2,
        rng=np.random.default_rng(0),
    )
    assert network.forward(np.empty((0, 4), np.float32)).shape == (0, 3)
