"""A picture from anywhere becomes what the network was trained on, and says how."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from experiments.errors import StudyError
from pipeline.champion.framing import Framing, Picture, read_picture, stroke_width
from tests.pipeline.champion.drawn_digits import draw_digits

SIZE = (28, 28)
PLAIN = Framing()


@pytest.fixture
def bar() -> np.ndarray:
    """A bright stroke on black, as the datasets have it."""
    pixels = np.zeros(SIZE, np.uint8)
    pixels[4:24, 12:16] = 255
    return pixels


def saved(folder: Path, image: Image.Image) -> Path:
    image.save(folder / "picture.png")
    return folder / "picture.png"


def framed(folder: Path, pixels: np.ndarray, framing: Framing = PLAIN, shape=SIZE) -> Picture:
    path = saved(folder, Image.fromarray(pixels))
    return read_picture(path, shape, brightest=255, framing=framing)


def test_a_picture_of_the_datasets_own_kind_is_used_as_it_is(
    tmp_path: Path, bar: np.ndarray
) -> None:
    picture = framed(tmp_path, bar)
    np.testing.assert_array_equal(picture.pixels, bar)
    assert picture.steps == ()


def test_the_brightest_value_is_the_datasets(tmp_path: Path, bar: np.ndarray) -> None:
    picture = read_picture(saved(tmp_path, Image.fromarray(bar)), SIZE, brightest=16, framing=PLAIN)
    assert picture.pixels.max() == 16


def test_ink_on_paper_in_colour_comes_out_the_same(tmp_path: Path, bar: np.ndarray) -> None:
    paper = Image.fromarray(255 - bar).convert("RGB")
    picture = read_picture(saved(tmp_path, paper), SIZE, brightest=255, framing=PLAIN)
    np.testing.assert_array_equal(picture.pixels, bar)
    assert [step.split()[0] for step in picture.steps] == ["converted", "inverted,"]


def test_transparency_is_paper(tmp_path: Path, bar: np.ndarray) -> None:
    ink = np.zeros((*SIZE, 4), np.uint8)
    ink[..., 3] = bar
    picture = framed(tmp_path, ink)
    np.testing.assert_array_equal(picture.pixels, bar)


def test_sixteen_bits_are_scaled(tmp_path: Path, bar: np.ndarray) -> None:
    picture = framed(tmp_path, bar.astype(np.uint16) * 200)
    np.testing.assert_allclose(picture.pixels, bar)
    assert picture.steps == ("scaled from more than 8 bits",)


def test_a_large_picture_is_resized_with_antialiasing(tmp_path: Path) -> None:
    # Lines of one pixel: picking every tenth pixel would lose them, or find nothing else.
    pixels = np.zeros((280, 280), np.uint8)
    pixels[20:260, 20:260:10] = 255
    picture = framed(tmp_path, pixels)
    assert picture.pixels.shape == SIZE
    assert picture.pixels[2:26, 2:26].mean() == pytest.approx(25.5, rel=0.2)
    assert picture.pixels.min() >= 0
    assert picture.steps[0] == "cut to what is drawn, 231 x 240 pixels"


def test_a_wide_picture_is_padded_not_squeezed(tmp_path: Path) -> None:
    pixels = np.zeros((40, 80), np.uint8)
    pixels[15:25, 20:60] = 255  # a bar four times as wide as high must stay one
    picture = framed(tmp_path, pixels, shape=(40, 40))
    seen = picture.pixels > 100
    assert seen.any(axis=0).sum() == 4 * seen.any(axis=1).sum() == 40
    assert picture.steps[1] == "scaled to 40 x 10 of 40 x 40 pixels"


@pytest.mark.parametrize("side", [60, 300])
@pytest.mark.parametrize("corner", [0, 20])
def test_a_drawing_anywhere_on_a_sheet_of_any_size_is_framed_like_training_images(
    tmp_path: Path, side: int, corner: int
) -> None:
    sheet = np.full((side, side), 255, np.uint8)
    sheet[corner : corner + 40, corner : corner + 20] = 0
    picture = framed(tmp_path, sheet, Framing(20 / 28))
    rows, columns = (np.flatnonzero((picture.pixels > 127).any(axis=axis)) for axis in (1, 0))
    # 20 of 28 rows, half as many columns, in the middle.
    assert (rows[0], rows[-1]) == (4, 23)
    assert (columns[0], columns[-1]) == (9, 18)


def test_training_images_tell_how_they_are_framed(bar: np.ndarray) -> None:
    framing = Framing.of(bar[np.newaxis])
    assert framing.filled == pytest.approx(20 / 28)
    assert framing.thinnest == framing.thickest == pytest.approx(4 / 24)
    heavy = np.zeros((1, 28, 28))
    heavy[0, 12:16, 8:23], heavy[0, 4:24, 8:12] = 100, 255
    offset = 14 - (heavy[0].sum(axis=0) @ np.arange(28)) / heavy.sum() - 0.5
    centred = np.roll(heavy, round(offset), axis=2)
    assert Framing.of(centred).by_mass and not Framing.of(bar[np.newaxis]).by_mass
    assert Framing.of(np.ones((3, 8, 8))).filled == 1.0


@pytest.mark.parametrize("width", [2, 5, 10])
@pytest.mark.parametrize("scale", [1, 4])
def test_a_strokes_width_is_measured_whatever_the_resolution(width: int, scale: int) -> None:
    stroke = np.kron(np.ones((100, width)), np.ones((scale, scale)))
    # Both ends of the stroke count as its border.
    assert stroke_width(stroke) == pytest.approx(width / (100 + width))


@pytest.mark.parametrize("pen", [1, 30])
def test_strokes_get_the_width_of_the_training_images(tmp_path: Path, pen: int) -> None:
    sheet = np.zeros((400, 400), np.uint8)
    sheet[50:350, 200 - pen // 2 : 200 + (pen + 1) // 2] = 255
    framing = Framing(20 / 28, thinnest=0.045, thickest=0.055)
    picture = framed(tmp_path, sheet, framing)
    drawn = picture.pixels[4:24].sum(axis=1) / 255
    assert drawn.mean() == pytest.approx(1, abs=0.3)
    assert any(step.startswith("strokes") for step in picture.steps)


def test_the_centre_of_mass_comes_to_the_middle(tmp_path: Path) -> None:
    sheet = np.full((200, 200), 255, np.uint8)
    sheet[40:160, 60:80] = sheet[130:160, 60:140] = 0
    picture = framed(tmp_path, sheet, Framing(20 / 28, by_mass=True))
    places = np.indices(SIZE).reshape(2, -1) @ picture.pixels.ravel() / picture.pixels.sum()
    np.testing.assert_allclose(places, [13.5, 13.5], atol=0.6)


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
        read_picture(path, SIZE, brightest=255, framing=PLAIN)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_bomb_is_refused(
    tmp_path: Path, bar: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, Image.fromarray(bar))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(StudyError, match="too many pixels"):
        read_picture(path, SIZE, brightest=255, framing=PLAIN)


@pytest.mark.slow
def test_drawn_digits_of_ten_hands_are_read(tmp_path: Path) -> None:
    from data_loaders.load import load
    from nn.estimator import NetworkClassifier

    mnist = load("mnist")
    images = mnist.x[:20000].astype(np.float32) / 255
    rng = np.random.default_rng(0)
    shifted = [np.roll(image, rng.integers(-1, 2, 2), axis=(0, 1)) for image in images]
    network = NetworkClassifier(hidden=(128,), epochs=2, random_state=0)
    network.fit(np.reshape(shifted, (len(images), -1)), mnist.y[:20000])
    framing = Framing.of(mnist.x[:30])
    for shift in (0, 3, 7):
        digits, pixels = [], []
        for digit, path in draw_digits(tmp_path, shift):
            digits.append(digit)
            picture = read_picture(path, SIZE, brightest=1, framing=framing)
            pixels.append(picture.pixels.ravel())
        assert (network.predict(np.array(pixels)) == digits).sum() >= 8
