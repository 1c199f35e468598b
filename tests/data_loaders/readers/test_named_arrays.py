import io
import tracemalloc
import zipfile

import numpy as np
import pytest

from data_loaders.errors import DataError
from data_loaders.readers.named_arrays import read_array, read_npy_folder, read_npz

X, Y = np.arange(12.0).reshape(6, 2), np.arange(6) % 2


@pytest.mark.parametrize(
    "names",
    [("images", "labels"), ("x_train", "y_train"), ("X", "y"), ("data", "target")],
)
def test_an_npz_is_read_under_each_pair_of_names(tmp_path, names):
    np.savez(tmp_path / "a.npz", **dict(zip(names, (X, Y), strict=True)), other=np.zeros(3))
    raw = read_npz(tmp_path / "a.npz")
    np.testing.assert_array_equal(raw.x, X)
    np.testing.assert_array_equal(raw.y, Y)
    assert raw.x_test is None


@pytest.mark.parametrize("test", [("x_test", "y_test"), ("test_features", "test_targets")])
def test_test_arrays_and_groups_are_taken(tmp_path, test):
    arrays = {"x_train": X, "y_train": Y, "groups": Y, test[0]: X[:2], test[1]: Y[:2]}
    np.savez(tmp_path / "a.npz", **arrays)
    raw = read_npz(tmp_path / "a.npz")
    np.testing.assert_array_equal(raw.x_test, X[:2])
    np.testing.assert_array_equal(raw.y_test, Y[:2])
    np.testing.assert_array_equal(raw.groups, Y)


def test_npy_files_in_one_folder_are_read_and_their_weakness_is_said(tmp_path):
    np.save(tmp_path / "X.npy", X)
    np.save(tmp_path / "y.npy", Y)
    raw = read_npy_folder(tmp_path)
    np.testing.assert_array_equal(raw.x, X)
    assert "no checksum" in raw.notes[0]


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"images": X}, "`a.npz` must hold `labels`; got 'images'"),
        ({"pixels": X, "y": Y}, "must hold `images`; got 'pixels, y'"),
        ({"X": X, "y": Y, "x_test": X}, "must hold `test_labels`"),
        ({"X": np.array([{}], object), "y": Y}, "`a.npz` X must hold numbers or text, not Python"),
    ],
)
def test_what_is_missing_or_pickled_is_named(tmp_path, arrays, words):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(DataError, match=words):
        read_npz(tmp_path / "a.npz")


@pytest.mark.parametrize("content", [b"", b"PK\3\4 cut", b"a,b\n1,2\n"])
def test_a_file_that_is_no_npz_is_told_so_not_how_to_unpickle(tmp_path, content):
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(DataError, match=r"`a.npz` must be an npz archive") as info:
        read_npz(tmp_path / "a.npz")
    assert "pickle" not in str(info.value)


def stating(shape, held=24):
    """Return a .npy whose header states another shape than the file holds."""
    stream = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, header)
    return stream.getvalue() + bytes(held)


@pytest.mark.parametrize("shape", [(4,), (2**50,), (2**60, 2**60), (2,)])
def test_a_header_that_states_what_the_file_does_not_hold_allocates_nothing(shape):
    with pytest.raises(DataError, match=r"bytes that its header states; got 24"):
        read_array(io.BytesIO(content := stating(shape)), len(content), where="x")


def test_a_member_of_gigabytes_whose_header_states_few_is_not_unpacked(tmp_path):
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("x.npy", "w") as member:
            member.write(stating((2,)))
            for _ in range(64):
                member.write(bytes(2**20))
        archive.writestr("y.npy", stating((3,)))
    tracemalloc.start()
    with pytest.raises(DataError, match=r"`a.npz` x must hold the 16 bytes that its header states"):
        read_npz(path)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_a_member_that_unpacks_to_far_more_than_any_dataset_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("data_loaders.readers.named_arrays.LARGEST_BYTES", 10_000)
    np.savez_compressed(tmp_path / "a.npz", X=np.zeros((10_000, 2)), y=Y)
    with pytest.raises(DataError, match=r"unpack to at most 10000 bytes"):
        read_npz(tmp_path / "a.npz")


@pytest.mark.parametrize("field", ["file_size", "compress_size"])
def test_a_member_that_promises_more_than_it_can_hold_allocates_nothing(tmp_path, field):
    path = tmp_path / "a.npz"
    np.savez_compressed(path, x=np.zeros((20, 4)), y=np.zeros(20))
    with zipfile.ZipFile(path) as archive:
        size = getattr(archive.getinfo("x.npy"), field)
    whole, stated = path.read_bytes(), size.to_bytes(4, "little")
    assert whole.count(stated) >= 1
    path.write_bytes(whole.replace(stated, (2**30).to_bytes(4, "little")))
    tracemalloc.start()
    with pytest.raises(DataError, match="promises more than it can hold"):
        read_npz(path)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_a_member_that_names_another_folder_is_read_as_an_array_never_unpacked(tmp_path):
    stream = io.BytesIO()
    np.save(stream, X)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("../../x.npy", stream.getvalue())
    with pytest.raises(DataError, match=r"must hold `images`; got '../../x'"):
        read_npz(tmp_path / "a.npz")
    assert [p.name for p in tmp_path.rglob("*")] == ["a.npz"]
