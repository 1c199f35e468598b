import gzip
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from data_loaders.errors import DataError
from data_loaders.readers.idx import IDX_FILES, find_files, parse_idx, read_idx


def encoded(array, code=8):
    header = bytes([0, 0, code, array.ndim])
    return header + np.array(array.shape, ">u4").tobytes() + array.tobytes()


@settings(deadline=None)
@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=3, max_dims=3, max_side=6)), st.booleans())
def test_what_was_encoded_is_read_back(array, compressed):
    content = encoded(array)
    content = gzip.compress(content) if compressed else content
    read = parse_idx(content, where="file", n_dimensions=3)
    assert read.dtype == np.uint8
    np.testing.assert_array_equal(read, array)


IMAGES = encoded(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "two zero bytes; got 0x."),
        (b"<html>not found</html>", "two zero bytes; got 0x3c68746d"),
        (encoded(np.zeros((1, 2, 2), np.uint8), code=0x0D), r"code 0x08\); got 0x0d"),
        (encoded(np.zeros(4, np.uint8)), r"3 dimension\(s\); got 1"),
        (IMAGES[:10], "ends in its header"),
        (IMAGES[:-1], "24 bytes for .*; got only 23"),
        (IMAGES + b"x", "24 bytes for .*; got more"),
        (bytes([0, 0, 8, 3]) + struct.pack(">3I", *[2**32 - 1] * 3), "at most 8589934592 bytes"),
        (gzip.compress(IMAGES)[:-9], "whole gzip file"),
        (gzip.compress(IMAGES)[:-6] + b"\1\2\3\4\5\6", "whole gzip file"),
        (gzip.compress(IMAGES)[:10] + b"\xff" * 60, "whole gzip file"),
        (gzip.compress(IMAGES + bytes(10**6)), "got more"),
    ],
    ids=range(12),
)
def test_a_damaged_file_is_refused_with_the_rule_it_breaks(content, rule):
    with pytest.raises(DataError, match=f"^file must .*{rule}"):
        parse_idx(content, where="file", n_dimensions=3)


@pytest.mark.parametrize("dotted", [False, True])
@pytest.mark.parametrize("compressed", [False, True])
def test_both_spellings_are_found_compressed_or_plain(tmp_path, tiny, files, dotted, compressed):
    for name, content in files.items():
        name = name.replace("-idx", ".idx") if dotted else name
        name = name if compressed else name.removesuffix(".gz")
        (tmp_path / name).write_bytes(content if compressed else gzip.decompress(content))
    arrays = read_idx(find_files(tmp_path))
    assert arrays.keys() == IDX_FILES.keys()
    for part, array in arrays.items():
        np.testing.assert_array_equal(array, tiny[part])


def test_compression_is_told_by_content_not_by_name(tmp_path, tiny, files):
    name = IDX_FILES["labels"]
    (tmp_path / name).write_bytes(gzip.decompress(files[name]))
    np.testing.assert_array_equal(read_idx(find_files(tmp_path))["labels"], tiny["labels"])
