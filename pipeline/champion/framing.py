"""A picture file of any format, framed as what a network was trained on."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.errors import StudyError

WHITE = 255
# Share of the way from background to the brightest at which a pixel counts as drawn.
_STANDS_OUT = 0.2
# Strokes are widened on a picture of so many pixels a side: finer costs time and shows nothing.
_WORKING_SIDE = 320

Grey = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as a network is given it, and what was done to the file's picture, in order.

    Pixels, shape (h, w), go from 0, the background, to the dataset's brightest.
    """

    pixels: NDArray[np.float32]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Framing:
    """How training images show what they show; a picture from elsewhere is made to do the same.

    MNIST scales a digit into a box of 20 x 20 pixels, and puts its centre of mass in the middle
    of 28 x 28; a digit that fills the sheet, or of hair-thin strokes, is none that its network
    knows. `filled` is the share of the image's side that the content's larger side takes;
    `by_mass` says whether the middle is its centre of mass, or else that of its box; `thinnest`
    and `thickest` are the usual range of stroke widths, as `stroke_width` measures them.
    """

    filled: float = 1.0
    by_mass: bool = False
    thinnest: float = 0.0
    thickest: float = 1.0

    @classmethod
    def of(cls, images: NDArray[np.floating]) -> Framing:
        """Return how images, shape (k, h, w), show bright content on a dark background."""
        shares, widths, masses, boxes = [], [], [], []
        for image in np.asarray(images, np.float64):
            rows, columns = _content(image)
            cut, corner = image[rows, columns], np.array([rows.start, columns.start])
            shares.append(max(np.array(cut.shape) / image.shape))
            widths.append(stroke_width(cut))
            corner = corner - _middle(image.shape)
            masses.append(np.abs(corner + _centre_of_mass(cut)).max())
            boxes.append(np.abs(corner + _middle(cut.shape)).max())
        thinnest, thickest = (float(width) for width in np.percentile(widths, [5, 95]))
        by_mass = bool(np.median(masses) < np.median(boxes))
        return cls(float(np.median(shares)), by_mass, thinnest, thickest)


def stroke_width(grey: Grey) -> float:
    """Return the mean width of what is drawn on a background of 0, in its larger sides.

    A stroke of width w and length l has the area w l and the total variation 2 l, across which
    it goes up and down once: w = 2 area / variation, whatever the resolution.

    >>> round(stroke_width(np.pad(np.ones((100, 5)), 10)) * 120, 1)
    4.8
    """
    drawn = np.pad(grey, 1)
    variation = sum(float(np.abs(np.diff(drawn, axis=axis)).sum()) for axis in (0, 1))
    return 2 * float(drawn.sum()) / variation / max(grey.shape) if variation else 0.0


def read_picture(
    path: Path, shape: tuple[int, int], *, brightest: float, framing: Framing
) -> Picture:
    """Read a picture of any size and colour that Pillow knows.

    One of the dataset's own height and width, `shape`, is used as it is; any other is cut to what
    is drawn on it and framed as the training images are. Full brightness becomes `brightest`.

    Raises
    ------
    StudyError
        If there is no such file, it is not a whole picture, or it shows nothing.
    """
    grey, steps = _grey_values(path)
    if not np.isfinite(grey).all() or np.ptp(grey) == 0:
        raise StudyError(f"{path} must show something; its pixels are all alike or no numbers.")
    if _background(grey) > WHITE / 2:
        grey = WHITE - grey
        steps.append("inverted, because its background is bright")
    if grey.shape != shape:
        grey = _framed(grey, shape, framing, steps)
    return Picture((grey * (brightest / WHITE)).astype(np.float32), tuple(steps))


def _grey_values(path: Path) -> tuple[Grey, list[str]]:
    """Return a file's picture in 0…255, turned as its camera was held, and what was done to it."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    if not path.is_file():
        raise StudyError(f"{path} must be a picture file; there is none. Check the name.")
    try:
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = ImageOps.exif_transpose(Image.open(file))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise StudyError(f"{path} has too many pixels. Make it smaller first.") from None
    except UnidentifiedImageError:
        remedy = "its format is not known. Save it as PNG."
        raise StudyError(f"{path} must be a picture; {remedy}") from None
    except (OSError, SyntaxError, ValueError) as error:
        raise StudyError(f"{path} must be a whole picture; {error}. Save it again.") from None
    if image.mode in ("I", "I;16", "I;16B", "F"):
        values = np.asarray(image, np.float64)
        return values * (WHITE / max(float(values.max()), 1.0)), ["scaled from more than 8 bits"]
    steps = [f"converted from {image.mode} to grey"] if image.mode != "L" else []
    if image.has_transparency_data:  # on white paper
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        image = paper
    return np.asarray(image.convert("L"), np.float64), steps


def _background(grey: Grey) -> float:
    return float(np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])))


def _content(grey: Grey) -> tuple[slice, slice]:
    """Return rows and columns between the first and the last that stand out."""
    background = _background(grey)
    seen = grey > background + _STANDS_OUT * (grey.max() - background)
    rows, columns = (np.flatnonzero(seen.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return slice(0, grey.shape[0]), slice(0, grey.shape[1])
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _middle(shape: tuple[int, ...]) -> Grey:
    return (np.array(shape) - 1) / 2


def _centre_of_mass(grey: Grey) -> Grey:
    return np.asarray(np.indices(grey.shape).reshape(2, -1) @ grey.ravel() / grey.sum())


def _framed(grey: Grey, shape: tuple[int, int], framing: Framing, steps: list[str]) -> Grey:
    """Cut to the content, give its strokes their width, scale it, and put it in the middle."""
    drawn = np.clip(grey - _background(grey), 0, None)
    drawn *= WHITE / drawn.max()
    drawn = drawn[_content(drawn)]
    steps.append(f"cut to what is drawn, {drawn.shape[1]} x {drawn.shape[0]} pixels")
    drawn = _with_strokes(drawn, framing, steps)
    drawn = _resized(drawn, min(framing.filled * np.array(shape) / drawn.shape), shape)
    height, width = drawn.shape
    steps.append(f"scaled to {width} x {height} of {shape[1]} x {shape[0]} pixels")
    centre = _centre_of_mass(drawn) if framing.by_mass else _middle(drawn.shape)
    corner = np.round(_middle(shape) - centre).astype(int)
    row, column = np.clip(corner, 0, np.array(shape) - drawn.shape)
    framed = np.zeros(shape)
    framed[row : row + height, column : column + width] = drawn
    steps.append(f"its {'centre of mass' if framing.by_mass else 'box'} put in the middle")
    return framed


def _with_strokes(drawn: Grey, framing: Framing, steps: list[str]) -> Grey:
    """Widen or narrow strokes that are thinner or thicker than those of training images."""
    from PIL import Image, ImageFilter

    width = stroke_width(drawn)
    wanted = float(np.clip(width, framing.thinnest, framing.thickest))
    if max(drawn.shape) > _WORKING_SIDE:
        drawn = _resized(drawn, _WORKING_SIDE / max(drawn.shape), drawn.shape)
    # Pillow's filters reach one pixel further on each side with every step of two.
    further = round((wanted - width) * max(drawn.shape) / 2)
    reach = abs(further)
    kind = ImageFilter.MaxFilter if further > 0 else ImageFilter.MinFilter
    padded = Image.fromarray(np.round(np.pad(drawn, reach + 1)).astype(np.uint8))
    changed = np.asarray(padded.filter(kind(2 * reach + 1)), np.float64)
    if not further or not changed.any():  # it is thinner than what would be taken off
        return drawn
    steps.append(f"strokes {'widened' if further > 0 else 'narrowed'} to the training images'")
    return changed[_content(changed)]


def _resized(grey: Grey, scale: float, largest: tuple[int, ...]) -> Grey:
    """Return a picture with its sides times `scale`, each between 1 pixel and the largest."""
    from PIL.Image import Resampling, fromarray

    sides = np.round(np.array(grey.shape) * scale).clip(1, largest).astype(int).tolist()
    small = fromarray(grey.astype(np.float32)).resize(sides[::-1], Resampling.BICUBIC)
    return np.clip(np.asarray(small, np.float64), 0, WHITE)
