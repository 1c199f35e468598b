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


def read_picture(path: Path, shape: tuple[int, int], *, brightest: float) -> Picture:
    """Read a picture of any size and colour.

    Parameters
    ----------
    path : Path
        A file that Pillow can read.
    shape : tuple of int
        Height and width wanted.
    brightest : float
        The value that full brightness becomes.

    Raises
    ------
    StudyError
        If there is no such file, or it is not a picture.
    """
    image = _open(path)
    steps: list[str] = []
    grey = _grey(image, steps)
    if np.median(_border(grey)) > WHITE / 2:
        grey = WHITE - grey
        steps.append("inverted, because its background is bright")
    grey = _padded(grey, shape, steps)
    if grey.shape != shape:
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


def _padded(
    grey: NDArray[np.float64], shape: tuple[int, int], steps: list[str]
) -> NDArray[np.float64]:
    """Fill a picture of other proportions up with its background, so that nothing is squeezed."""
    height, width = grey.shape
    wanted = max(height, round(width * shape[0] / shape[1]))
    missing = (wanted - height, round(wanted * shape[1] / shape[0]) - width)
    if max(missing) <= 0:
        return grey
    steps.append("padded with its background to the right proportions")
    sides = [(room // 2, room - room // 2) for room in missing]
    return np.pad(grey, sides, constant_values=float(np.median(_border(grey))))


def _resized(grey: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64]:
    from PIL.Image import Resampling, fromarray

    small = fromarray(grey.astype(np.float32)).resize(shape[::-1], Resampling.BICUBIC)
    return np.clip(np.asarray(small, np.float64), 0, WHITE)
