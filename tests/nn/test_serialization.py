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
