"""Saving and loading: round trips, the reference package, damaged and foreign files."""

import json

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import nn


@pytest.fixture
def saved(build, fit, tmp_path):
    network, _ = fit(build(extra=[nn.BatchNorm], rate=0.2, activation="leaky_relu"))
    nn.save(network, tmp_path / "net.safetensors")
    return network, tmp_path / "net.safetensors"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_round_trip(build, tmp_path, dtype, blobs):
    network = build(extra=[nn.BatchNorm], rate=0.2, dtype=dtype)
    nn.save(network, tmp_path / "net")
    loaded = nn.load(tmp_path / "net")
    assert loaded.dtype == dtype
    np.testing.assert_array_equal(loaded.logits(blobs().x), network.logits(blobs().x))


def test_the_safetensors_package_reads_it(saved):
    network, path = saved
    arrays = load_file(path)
    assert arrays.keys() == network.named_arrays().keys()
    for name, value in network.named_arrays().items():
        np.testing.assert_array_equal(arrays[name], value)


def test_a_file_written_by_the_package_loads(saved, tmp_path):
    network, path = saved
    header = json.loads(path.read_bytes()[8:].split(b'"layers.0')[0].rstrip(b", ") + b"}")
    save_file(network.named_arrays(), tmp_path / "other", metadata=header["__metadata__"])
    np.testing.assert_array_equal(nn.load(tmp_path / "other").parameters, network.parameters)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:100],
        lambda data: data[:-4],
        lambda data: data + b"0000",
        lambda data: b"PK\x03\x04" + data,
        lambda data: data.replace(b"knockout.architecture", b"somebody.architecture"),
        lambda data: data.replace(b'"F32"', b'"F99"'),
        lambda data: data.replace(b"leaky_relu", b"lucky_relu"),
        lambda data: data.replace(b"layers.0.weight", b"layers.0.height"),
        lambda data: data.replace(b'"shape": [16]', b'"shape": [61]'),
        lambda data: data.replace(b"knockout.sha256", b"knockout.sha512"),
        # Another slope, another momentum: the same arrays, another function.
        lambda data: data.replace(b"0.01", b"0.02"),
    ],
)
def test_damaged_and_foreign_files_are_refused(saved, damage):
    path = saved[1]
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(nn.DamagedFileError, match=r"must be a network saved by nn.save"):
        nn.load(path)


def test_a_failed_write_leaves_the_old_file(saved, monkeypatch):
    network, path = saved
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda handle: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        nn.save(network, path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_no_mutated_file_is_taken_for_the_network(saved):
    network, path = saved
    data, rng = path.read_bytes(), np.random.default_rng(0)
    accepted = 0
    for _ in range(2000):
        mutant = bytearray(data)
        for place in rng.integers(0, len(data), rng.integers(1, 4)):
            mutant[place] = rng.integers(256)
        path.write_bytes(mutant)
        try:
            loaded = nn.load(path)
        except nn.DamagedFileError:
            continue
        # A byte may have been replaced by itself, or padding by padding.
        accepted += 1
        np.testing.assert_array_equal(loaded.parameters, network.parameters)
        assert nn.serialization.architecture(loaded) == nn.serialization.architecture(network)
    assert accepted < 50


class Clipped(nn.Activation):
    from_output = True

    def __init__(self, ceiling=6.0):
        self.ceiling = ceiling

    def apply(self, x, out, scratch):
        np.clip(x, 0, self.ceiling, out=out)

    def pull_back(self, gradient, x, y, scratch):
        gradient *= (y > 0) & (y < self.ceiling)


def test_layers_of_ones_own_are_saved_by_import_path_and_loaded_when_handed_over(tmp_path):
    network = nn.Network([nn.Dense(5), Clipped(0.5)], n_inputs=3, rng=np.random.default_rng(0))
    nn.save(network, tmp_path / "net")
    x = np.random.default_rng(1).normal(size=(9, 3))
    loaded = nn.load(tmp_path / "net", layers=[Clipped])
    assert loaded.layers[1].ceiling == 0.5
    np.testing.assert_array_equal(loaded.logits(x), network.logits(x))
    with pytest.raises(nn.DamagedFileError, match=r"Clipped' is not the library's: hand its class"):
        nn.load(tmp_path / "net")
