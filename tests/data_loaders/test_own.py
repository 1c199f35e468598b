import json
import os

import numpy as np
import pytest

from data_loaders.arrays import content_hash
from data_loaders.cache import cache_folder
from data_loaders.errors import DataError
from data_loaders.load import load


@pytest.fixture
def npz(tmp_path, tiny):
    path = tmp_path / "My Letters.npz"
    np.savez_compressed(path, **tiny)
    return path


def test_an_npz_is_loaded_by_its_path(npz, tiny):
    data = load(str(npz))
    assert (data.name, data.n_classes, data.class_names) == ("my_letters", 3, ("0", "1", "2"))
    assert data.content_hash == content_hash(tiny)
    np.testing.assert_array_equal(data.test_images, tiny["test_images"])


def test_a_folder_of_idx_files_is_loaded_the_test_pair_is_optional(tmp_path, tiny, files):
    folder = tmp_path / "letters"
    folder.mkdir()
    for name, content in files.items():
        if name.startswith("train"):
            (folder / name).write_bytes(content)
    data = load(str(folder))
    np.testing.assert_array_equal(data.images, tiny["images"])
    assert data.test_images is None


def test_the_second_use_maps_the_cache_without_decoding(npz, monkeypatch):
    first = load(str(npz))
    monkeypatch.setattr(np, "load", _only_arrays(np.load))
    again = load(str(npz))
    assert again.content_hash == first.content_hash
    assert isinstance(again.images.base, np.memmap)


def _only_arrays(original):
    def checked(path, **options):
        assert str(path).endswith(".npy"), "the npz was read again"
        return original(path, **options)

    return checked


def test_content_that_changed_since_its_first_use_is_refused(npz, tiny):
    trusted = load(str(npz)).content_hash
    tiny["images"][0, 0, 0] ^= 1
    np.savez_compressed(npz, **tiny)
    with pytest.raises(DataError, match=f"first use, {trusted}; got {content_hash(tiny)}") as info:
        load(str(npz))
    record = next((cache_folder() / "trusted").iterdir())
    assert f"delete {record} to trust" in str(info.value)
    record.unlink()
    assert load(str(npz)).content_hash == content_hash(tiny)


def test_a_file_that_was_only_touched_is_still_trusted(npz):
    load(str(npz))
    os.utime(npz, (1, 1))
    load(str(npz))
    record = json.loads(next((cache_folder() / "trusted").iterdir()).read_text())
    assert record["stamp"][0][2] == 10**9


def test_a_name_of_the_registry_is_never_taken(tmp_path, tiny):
    np.savez(tmp_path / "mnist.npz", **tiny)
    assert load(str(tmp_path / "mnist.npz")).name == "own_mnist"


def test_pixels_of_another_integer_type_are_taken_scaled_ones_refused(tmp_path, tiny):
    path = tmp_path / "a.npz"
    np.savez(path, images=tiny["images"].astype(np.int64), labels=tiny["labels"].astype(np.int32))
    assert load(str(path)).images.dtype == np.uint8
    path = tmp_path / "b.npz"
    np.savez(path, images=tiny["images"] / 255, labels=tiny["labels"])
    with pytest.raises(DataError, match="images must be whole numbers from 0 to 255"):
        load(str(path))


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "must be an npz"),
        (b"PK\3\4 cut", "must be an npz"),
        (None, "must be a folder with train-images-idx3-ubyte"),
    ],
    ids=["empty", "cut", "absent"],
)
def test_what_is_no_dataset_is_refused(tmp_path, content, rule):
    path = tmp_path / "x.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=rule):
        load(str(path))


def test_an_npz_without_labels_or_with_pickles_is_refused(tmp_path, tiny):
    path = tmp_path / "x.npz"
    np.savez(path, images=tiny["images"])
    with pytest.raises(DataError, match="must hold `labels`; got images"):
        load(str(path))
    np.savez(path, images=np.array([{}], object), labels=tiny["labels"])
    with pytest.raises(DataError, match="without pickled objects"):
        load(str(path))
