import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from data_loaders.arrays import content_hash
from data_loaders.cache import cache_folder, entry
from data_loaders.errors import DataError, DatasetUnavailableError
from data_loaders.load import load, verify
from data_loaders.registry import REGISTRY
from data_loaders.sources.local_mirror import LocalMirror


class Never:
    kind, label, contact = "web", "never", None

    def fetch(self, name, folder):
        raise AssertionError("asked although the cache holds the dataset")


def test_digits_are_always_there():
    digits = load("digits")
    assert digits.x.shape == (1797, 8, 8)
    assert (digits.x.dtype, digits.x.max()) == (np.uint8, 16)
    assert digits.x_test is None
    assert digits.n_classes == 10
    assert content_hash({"images": digits.x, "labels": digits.y}) == digits.content_hash
    assert verify("digits") == "good"


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_the_real_files_have_the_canonical_hash(real_mirror, name):
    data = load(name)
    assert data.x.shape == (60_000, 28, 28)
    assert data.x_test.shape == (10_000, 28, 28)
    assert data.content_hash == REGISTRY[name].content_hash
    assert verify(name) == "good"
    assert np.bincount(data.y_test).sum() == 10_000
    if name == "fashion_mnist":
        assert np.bincount(data.y).tolist() == [6000] * 10


def test_the_cache_comes_before_every_source(describe, tiny, tmp_path, monkeypatch, files):
    put(tmp_path, files)
    monkeypatch.setenv("KNOCKOUT_DATA_MIRROR", str(tmp_path))
    load(describe(LocalMirror()))
    again = load(describe(Never()))
    np.testing.assert_array_equal(again.x, tiny["images"])


def put(folder, files):
    (folder / "tiny").mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / "tiny" / name).write_bytes(content)


def test_a_damaged_cache_is_fetched_anew(describe, tiny, tmp_path, monkeypatch, files):
    put(tmp_path, files)
    monkeypatch.setenv("KNOCKOUT_DATA_MIRROR", str(tmp_path))
    spec = describe(LocalMirror())
    load(spec)
    (entry(cache_folder(), "tiny", spec.content_hash) / "images.npy").unlink()
    np.testing.assert_array_equal(load(spec).x, tiny["images"])


def test_sources_can_be_given_for_a_name_of_the_registry(describe):
    with pytest.raises(DatasetUnavailableError) as info:
        load("mnist", sources=(LocalMirror("KNOCKOUT_TEST_UNSET"),))
    assert info.value.reasons == ("KNOCKOUT_TEST_UNSET: not set",)


def test_an_unknown_name_is_refused_with_the_closest():
    with pytest.raises(DataError, match=r"got 'fashion-mnist'.*did you mean fashion_mnist\?"):
        load("fashion-mnist")


def test_a_cache_that_cannot_be_written_keeps_the_data_in_memory(tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    with pytest.warns(RuntimeWarning, match="must be writable to keep digits.*KNOCKOUT_CACHE"):
        assert load("digits", cache_dir=blocked / "cache").x.shape == (1797, 8, 8)


def test_unavailable_says_every_reason_and_the_remedy_also_across_processes():
    error = DatasetUnavailableError("mnist", ["a: not set", "b: connection refused"])
    said = str(pickle.loads(pickle.dumps(error)))  # noqa: S301
    assert said.startswith("mnist is unavailable (a: not set; b: connection refused). Set KNOCKOUT")
    assert "\n" not in said


def test_importing_the_package_touches_neither_disk_nor_network_nor_heavy_packages():
    code = (
        "import sys, data_loaders.load, data_loaders.batches;"
        "heavy = {'sklearn', 'pooch', 'requests', 'platformdirs', 'pandas', 'PIL', 'pyarrow'};"
        "print(heavy & set(sys.modules))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
    assert not cache_folder().exists()
