"""The built-in datasets of which only the files' hashes are published, from a local server."""

import bz2
import gzip
import hashlib
import io
import zipfile
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from data_loaders.arrays import content_hash
from data_loaders.errors import DatasetUnavailableError
from data_loaders.load import load, load_content
from data_loaders.readers.emnist import EMNIST_FILES, read_emnist
from data_loaders.readers.qmnist import QMNIST_FILES, read_qmnist
from data_loaders.readers.usps import USPS_FILES, read_usps
from data_loaders.registry import REGISTRY
from data_loaders.sources.http_mirror import HttpMirror
from data_loaders.sources.local_mirror import LocalMirror


@pytest.fixture
def emnist(tiny, encode):
    """The archive: transposed images, letters from 1."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("../../escaped.txt", "x")
        for part, prefix in (("train", ""), ("test", "test_")):
            stem = f"gzip/emnist-letters-{part}"
            images = np.ascontiguousarray(tiny[f"{prefix}images"].transpose(0, 2, 1))
            labels = tiny[f"{prefix}labels"] + np.uint8(1)
            archive.writestr(f"{stem}-images-idx3-ubyte.gz", gzip.compress(encode(images)))
            archive.writestr(f"{stem}-labels-idx1-ubyte.gz", gzip.compress(encode(labels)))
    return {EMNIST_FILES["archive"]: stream.getvalue()}


@pytest.fixture
def qmnist(tiny, encode):
    """Images as in MNIST, labels with eight facts each."""
    files = {}
    for part, name in QMNIST_FILES.items():
        content = encode(tiny[part])
        if part.endswith("labels"):
            facts = np.full((len(tiny[part]), 8), 99, ">i4")
            facts[:, 0] = tiny[part]
            content = bytes([0, 0, 0x0C, 2]) + np.array(facts.shape, ">u4").tobytes()
            content += facts.tobytes()
        files[name] = gzip.compress(content)
    return files


def served(kind, content, serve):
    """Return the built-in dataset with a source on the local server that pins its files."""
    files, read = {
        "emnist_letters": (EMNIST_FILES, partial(read_emnist, subset="letters")),
        "qmnist": (QMNIST_FILES, read_qmnist),
        "usps": (USPS_FILES, read_usps),
    }[kind]
    hashes = {part: hashlib.sha256(content[name]).hexdigest() for part, name in files.items()}
    address, _ = serve(content)
    return replace(REGISTRY[kind], sources=(HttpMirror(address, hashes, files, read),))


@pytest.mark.parametrize("kind", ["emnist_letters", "qmnist"])
def test_the_images_stand_upright_and_classes_start_at_zero(kind, request, serve, tiny, tmp_path):
    content = request.getfixturevalue(kind.partition("_")[0])
    data = load(served(kind, content, serve))
    found = {"images": data.x, "labels": data.y, "test_images": data.x_test,
             "test_labels": data.y_test}  # fmt: skip
    assert content_hash(found) == content_hash(tiny)
    assert "published hashes of its files" in data.notes[0]
    assert load_content(kind, data.content_hash).class_names == data.class_names
    assert not list(tmp_path.parent.rglob("escaped.txt"))


def test_usps_is_turned_into_bytes(serve):
    line = "{} " + " ".join(f"{i}:{v}" for i, v in enumerate(np.linspace(-1, 1, 256), 1)) + "\n"
    content = {
        name: bz2.compress("".join(map(line.format, (10, 1, 2))).encode())
        for name in USPS_FILES.values()
    }
    data = load(served("usps", content, serve))
    assert data.y.tolist() == [9, 0, 1]
    np.testing.assert_array_equal(data.x[0].ravel(), np.arange(256))


def test_a_file_that_is_not_the_published_one_is_refused_at_each_source(
    qmnist, tmp_path, monkeypatch
):
    (tmp_path / "qmnist").mkdir()
    for name, content in qmnist.items():
        (tmp_path / "qmnist" / name).write_bytes(content)
    monkeypatch.setenv("KNOCKOUT_DATA_MIRROR", str(tmp_path))
    mirror = REGISTRY["qmnist"].sources[0]
    assert isinstance(mirror, LocalMirror)
    with pytest.raises(DatasetUnavailableError, match=r"must have hash 9e26a7bf.*; got"):
        load("qmnist", sources=(mirror,))


def test_every_file_without_a_content_hash_has_a_published_one():
    for known in REGISTRY.values():
        if not known.content_hash:
            assert known.note
            for source in known.sources:
                assert source.file_hashes.keys() == source.files.keys()


def test_a_plain_http_source_is_pinned():
    for known in REGISTRY.values():
        for source in known.sources:
            if isinstance(source, HttpMirror) and source.base_url.startswith("http:"):
                assert known.content_hash or source.file_hashes
