"""A picture from anywhere becomes what the network was trained on, and says how."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from experiments.errors import StudyError
from pipeline.champion.framing import filled_by, read_picture

SIZE = (28, 28)


@pytest.fixture
def bar() -> np.ndarray:
    """A bright stroke on black, as the datasets have it."""
    pixels = np.zeros(SIZE, np.uint8)
    pixels[4:24, 12:16] = 255
    return pixels


def saved(folder: Path, image: Image.Image) -> Path:
    image.save(folder / "picture.png")
    return folder / "picture.png"


def test_a_picture_of_the_datasets_own_kind_is_used_as_it_is(
    tmp_path: Path, bar: np.ndarray
) -> None:
    picture = read_picture(saved(tmp_path, Image.fromarray(bar)), SIZE, brightest=255)
    np.testing.assert_array_equal(picture.pixels, bar)
    assert picture.steps == ()


def test_the_brightest_value_is_the_datasets(tmp_path: Path, bar: np.ndarray) -> None:
    picture = read_picture(saved(tmp_path, Image.fromarray(bar)), SIZE, brightest=16)
    assert picture.pixels.max() == 16


def test_ink_on_paper_in_colour_comes_out_the_same(tmp_path: Path, bar: np.ndarray) -> None:
    paper = Image.fromarray(255 - bar).convert("RGB")
    picture = read_picture(saved(tmp_path, paper), SIZE, brightest=255)
    np.testing.assert_array_equal(picture.pixels, bar)
    assert [step.split()[0] for step in picture.steps] == ["converted", "inverted,"]


def test_transparency_is_paper(tmp_path: Path, bar: np.ndarray) -> None:
    ink = np.zeros((*SIZE, 4), np.uint8)
    ink[..., 3] = bar
    picture = read_picture(saved(tmp_path, Image.fromarray(ink)), SIZE, brightest=255)
    np.testing.assert_array_equal(picture.pixels, bar)


def test_sixteen_bits_are_scaled(tmp_path: Path, bar: np.ndarray) -> None:
    deep = Image.fromarray(bar.astype(np.uint16) * 200)
    picture = read_picture(saved(tmp_path, deep), SIZE, brightest=255)
    np.testing.assert_allclose(picture.pixels, bar)
    assert picture.steps == ("scaled from more than 8 bits",)


def test_a_large_picture_is_resized_with_antialiasing(tmp_path: Path) -> None:
    # Lines of one pixel: picking every tenth pixel would lose them, or find nothing else.
    pixels = np.zeros((280, 280), np.uint8)
    pixels[20:260, 20:260:10] = 255
    picture = read_picture(saved(tmp_path, Image.fromarray(pixels)), SIZE, brightest=255)
    assert picture.pixels.shape == SIZE
    assert picture.pixels[2:26, 2:26].mean() == pytest.approx(25.5, rel=0.2)
    assert picture.pixels.min() >= 0
    assert picture.steps[-1] == "resized from 240 x 240 to 28 x 28 pixels"


def test_a_wide_picture_is_padded_not_squeezed(tmp_path: Path) -> None:
    pixels = np.zeros((40, 80), np.uint8)
    pixels[15:25, 20:60] = 255  # a bar four times as wide as high must stay one
    picture = read_picture(saved(tmp_path, Image.fromarray(pixels)), (40, 40), brightest=255)
    seen = picture.pixels > 100
    assert seen.any(axis=0).sum() == 4 * seen.any(axis=1).sum() == 40
    assert "padded" in picture.steps[1]


@pytest.mark.parametrize("side", [60, 300])
@pytest.mark.parametrize("corner", [0, 20])
def test_a_drawing_anywhere_on_a_sheet_of_any_size_is_framed_like_training_images(
    tmp_path: Path, side: int, corner: int
) -> None:
    sheet = np.full((side, side), 255, np.uint8)
    sheet[corner : corner + 40, corner : corner + 20] = 0
    path = saved(tmp_path, Image.fromarray(sheet))
    picture = read_picture(path, SIZE, brightest=255, filled=20 / 28)
    rows, columns = (np.flatnonzero((picture.pixels > 127).any(axis=axis)) for axis in (1, 0))
    # 20 of 28 rows, half as many columns, in the middle.
    assert (rows[0], rows[-1]) == (4, 23)
    assert (columns[0], columns[-1]) == (9, 18)


def test_training_images_tell_how_much_of_a_side_they_fill(bar: np.ndarray) -> None:
    assert filled_by(bar[np.newaxis]) == pytest.approx(20 / 28)
    assert filled_by(np.ones((3, 8, 8))) == 1.0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there is none"),
        (b"hello", "format is not known"),
        ("cut", "must be a whole picture"),
        ("blank", "must show something"),
        ("nan", "must show something"),
    ],
)
def test_what_is_no_picture_is_refused_in_a_line(
    tmp_path: Path, content: bytes | str | None, words: str
) -> None:
    path = tmp_path / "bad.png"
    if content == "cut":
        noise = np.random.default_rng(0).integers(0, 256, SIZE, np.uint8)
        content = saved(tmp_path, Image.fromarray(noise)).read_bytes()[:400]
    if content == "blank":
        content = saved(tmp_path, Image.new("L", (50, 40), 255)).read_bytes()
    if content == "nan":
        path = tmp_path / "bad.tiff"
        Image.fromarray(np.full(SIZE, np.nan, np.float32)).save(path)
    elif content is not None:
        path.write_bytes(content)  # type: ignore[arg-type]
    with pytest.raises(StudyError) as caught:
        read_picture(path, SIZE, brightest=255)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_bomb_is_refused(
    tmp_path: Path, bar: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, Image.fromarray(bar))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(StudyError, match="too many pixels"):
        read_picture(path, SIZE, brightest=255)
