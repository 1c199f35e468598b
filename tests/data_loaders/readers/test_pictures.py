import numpy as np
import pytest
from PIL import Image

from data_loaders.errors import DataError
from data_loaders.readers.pictures import read_pictures

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (5, 4), np.uint8)
COLOUR = RNG.integers(0, 256, (5, 4, 3), np.uint8)


def save(folder, name, array, **options):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(folder / name, **options)


def test_folders_are_classes_and_pictures_come_in_order(tmp_path):
    save(tmp_path, "cat/2.png", GREY)
    save(tmp_path, "cat/1.PNG", 255 - GREY)
    save(tmp_path, "dog/1.png", GREY)
    (tmp_path / "cat/.DS_Store").write_bytes(b"x")
    (tmp_path / ".hidden").mkdir()
    raw = read_pictures(tmp_path)
    np.testing.assert_array_equal(raw.x, [255 - GREY, GREY, GREY])
    assert raw.y.tolist() == ["cat", "cat", "dog"]
    assert raw.notes == []


def test_one_coloured_picture_makes_all_of_them_rgb(tmp_path):
    save(tmp_path, "cat/1.png", GREY)
    save(tmp_path, "dog/1.png", COLOUR)
    raw = read_pictures(tmp_path)
    np.testing.assert_array_equal(raw.x[0], np.repeat(GREY[..., None], 3, axis=2))
    np.testing.assert_array_equal(raw.x[1], COLOUR)


def test_jpeg_is_read_and_its_weakness_is_said(tmp_path):
    save(tmp_path, "cat/1.jpg", COLOUR, quality=100)
    save(tmp_path, "dog/1.jpeg", COLOUR, quality=100)
    raw = read_pictures(tmp_path)
    assert raw.x.shape == (2, 5, 4, 3)
    assert np.abs(raw.x[0].astype(int) - Image.open(tmp_path / "cat/1.jpg")).max() == 0
    assert "no checksum" in raw.notes[0]


def test_pictures_are_resized_where_the_study_says_so(tmp_path):
    save(tmp_path, "cat/1.png", np.full((20, 30), 7, np.uint8))
    save(tmp_path, "dog/1.png", np.full((9, 8), 9, np.uint8))
    raw = read_pictures(tmp_path, (6, 5))
    assert raw.x.shape == (2, 6, 5)
    assert [set(image.ravel().tolist()) for image in raw.x] == [{7}, {9}]


def test_another_size_is_refused_with_both_names_and_the_remedy(tmp_path):
    save(tmp_path, "cat/1.png", GREY)
    save(tmp_path, "dog/1.png", GREY[:3])
    with pytest.raises(
        DataError, match=r"`dog/1.png` .* `cat/1.png`, 4 x 5; got 4 x 3. Write shape: \[5, 4\]"
    ):
        read_pictures(tmp_path)


def test_an_empty_class_folder_is_named(tmp_path):
    save(tmp_path, "cat/1.png", GREY)
    (tmp_path / "dog").mkdir()
    with pytest.raises(DataError, match=r"/dog/` must hold pictures .* holds none"):
        read_pictures(tmp_path)


def test_sixteen_bits_are_refused_not_cut(tmp_path):
    save(tmp_path, "cat/1.png", (GREY.astype(np.uint16) * 200))
    save(tmp_path, "dog/1.png", (GREY.astype(np.uint16) * 200))
    with pytest.raises(DataError, match=r"`cat/1.png` must have 8 bits per channel; got .*I;16"):
        read_pictures(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a" + bytes(40), b"\xff\xd8\xff"]
)
def test_what_is_no_picture_is_named(tmp_path, content):
    save(tmp_path, "cat/1.png", GREY)
    (tmp_path / "cat/2.png").write_bytes(content)
    with pytest.raises(DataError, match=r"^`cat/2.png` must be a PNG or JPEG picture; ") as info:
        read_pictures(tmp_path)
    assert "\n" not in str(info.value)


def test_a_flipped_pixel_byte_of_a_png_is_noticed_by_its_checksum(tmp_path):
    save(tmp_path, "cat/1.png", GREY, compress_level=0)
    path = tmp_path / "cat/1.png"
    content = bytearray(path.read_bytes())
    # An uncompressed stream: its own header (2), the block's (5), the first row's filter (1).
    content[content.index(b"IDAT") + 4 + 8] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"^`cat/1.png` must be a PNG or JPEG"):
        read_pictures(tmp_path)


def test_a_header_that_states_a_huge_picture_allocates_nothing(tmp_path):
    save(tmp_path, "cat/1.png", GREY)
    save(tmp_path, "cat/2.png", np.zeros((20_000, 20_000), np.uint8))
    with pytest.raises(DataError, match=r"^`cat/2.png` must be a PNG or JPEG picture"):
        read_pictures(tmp_path, (4, 4))
