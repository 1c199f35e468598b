"""A picture from anywhere, made into what a network was trained on."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.errors import StudyError

if TYPE_CHECKING:
    from PIL.Image import Image

WHITE = 255
# Share of the way from background to the brightest at which a pixel counts as drawn.
_STANDS_OUT = 0.2


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as a network is given it.

    Parameters
    ----------
    pixels : array of float32, shape (h, w)
        Grey values from 0, the background, to the dataset's brightest.
    steps : tuple of str
        What was done to the file's picture, in order.
    """

    pixels: NDArray[np.float32]
    steps: tuple[str, ...]


def read_picture(
    path: Path, shape: tuple[int, int], *, brightest: float, filled: float = 1.0
) -> Picture:
    """Read a picture of any size and colour.

    One of the dataset's own size is used as it is. Any other is cut to what is drawn on it and
    framed as the training images are: a small digit on a large sheet is none that the network
    knows.

    Parameters
    ----------
    path : Path
        A file that Pillow can read.
    shape : tuple of int
        Height and width wanted.
    brightest : float
        The value that full brightness becomes.
    filled : float
        Share of the training images' side that what they show takes, in (0, 1]; see `filled_by`.

    Raises
    ------
    StudyError
        If there is no such file, it is not a picture, or it shows nothing.
    """
    image = _open(path)
    steps: list[str] = []
    grey = _grey(image, steps)
    if not np.isfinite(grey).all() or np.ptp(grey) == 0:
        raise StudyError(f"{path} must show something; its pixels are all alike or no numbers.")
    if np.median(_border(grey)) > WHITE / 2:
        grey = WHITE - grey
        steps.append("inverted, because its background is bright")
    if grey.shape != shape:
        background = float(np.median(_border(grey)))
        grey = _framed(grey, filled, background, steps)
        grey = _padded(grey, shape, background, steps)
        sizes = f"from {grey.shape[1]} x {grey.shape[0]} to {shape[1]} x {shape[0]}"
        grey = _resized(grey, shape)
        steps.append(f"resized {sizes} pixels")
    return Picture((grey * (brightest / WHITE)).astype(np.float32), tuple(steps))


def _open(path: Path) -> Image:
    import PIL.Image
    import PIL.ImageOps

    if not path.is_file():
        raise StudyError(f"{path} must be a picture file; there is none. Check the name.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)
            with path.open("rb") as file:
                return PIL.ImageOps.exif_transpose(PIL.Image.open(file))
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        raise StudyError(f"{path} has too many pixels. Make it smaller first.") from None
    except PIL.UnidentifiedImageError:
        raise StudyError(
            f"{path} must be a picture; its format is not known. Save it as PNG."
        ) from None
    except (OSError, SyntaxError, ValueError) as error:
        raise StudyError(f"{path} must be a whole picture; {error}. Save it again.") from None


def _grey(image: Image, steps: list[str]) -> NDArray[np.float64]:
    """Return grey values in 0…255; what is transparent becomes white."""
    if image.mode == "L":
        return np.asarray(image, np.float64)
    if image.mode in ("I", "I;16", "I;16B", "F"):
        values = np.asarray(image, np.float64)
        steps.append("scaled from more than 8 bits")
        return values * (WHITE / max(float(values.max()), 1.0))
    steps.append(f"converted from {image.mode} to grey")
    if image.has_transparency_data:
        from PIL.Image import new

        paper = new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        image = paper
    return np.asarray(image.convert("L"), np.float64)


def _border(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])


def filled_by(images: NDArray[np.floating]) -> float:
    """Return the median share of the larger side that the images' content takes.

    Parameters
    ----------
    images : array, shape (k, h, w)
        Bright content on a dark background.
    """
    shares = []
    for image in images:
        rows, columns = _content(np.asarray(image, np.float64))
        height, width = image.shape
        shares.append(
            max((rows.stop - rows.start) / height, (columns.stop - columns.start) / width)
        )
    return float(np.median(shares))


def _content(grey: NDArray[np.float64]) -> tuple[slice, slice]:
    """Return rows and columns between the first and the last that stand out."""
    background = float(np.median(_border(grey)))
    seen = grey > background + _STANDS_OUT * (grey.max() - background)
    rows, columns = (np.flatnonzero(seen.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return slice(0, grey.shape[0]), slice(0, grey.shape[1])
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _framed(
    grey: NDArray[np.float64], filled: float, background: float, steps: list[str]
) -> NDArray[np.float64]:
    """Cut to the content and give it the margin that training images have."""
    rows, columns = _content(grey)
    cut = grey[rows, columns]
    side = max(cut.shape)
    margin = round(side * (1 / filled - 1) / 2)
    if cut.shape == grey.shape and not margin:
        return grey
    steps.append("cut to what is drawn and framed as the training images are")
    return np.pad(cut, margin, constant_values=background)


def _padded(
    grey: NDArray[np.float64], shape: tuple[int, int], background: float, steps: list[str]
) -> NDArray[np.float64]:
    """Fill a picture of other proportions up with its background, so that nothing is squeezed."""
    height, width = grey.shape
    wanted = max(height, round(width * shape[0] / shape[1]))
    missing = (wanted - height, round(wanted * shape[1] / shape[0]) - width)
    if max(missing) <= 0:
        return grey
    steps.append("padded with its background to the right proportions")
    sides = [(room // 2, room - room // 2) for room in missing]
    return np.pad(grey, sides, constant_values=background)


def _resized(grey: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64]:
    from PIL.Image import Resampling, fromarray

    small = fromarray(grey.astype(np.float32)).resize(shape[::-1], Resampling.BICUBIC)
    return np.clip(np.asarray(small, np.float64), 0, WHITE)
