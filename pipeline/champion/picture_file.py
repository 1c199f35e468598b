"""Read a picture file of any format into grey values."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.errors import StudyError

WHITE = 255


def grey_values(path: Path, steps: list[str]) -> NDArray[np.float64]:
    """Return a picture, turned as its camera was held, in 0…255; what is transparent is white.

    What was done is added to `steps`.

    Raises
    ------
    StudyError
        If there is no such file, or it is not a whole picture.
    """
    import PIL.Image
    import PIL.ImageOps

    if not path.is_file():
        raise StudyError(f"{path} must be a picture file; there is none. Check the name.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)
            with path.open("rb") as file:
                image = PIL.ImageOps.exif_transpose(PIL.Image.open(file))
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        raise StudyError(f"{path} has too many pixels. Make it smaller first.") from None
    except PIL.UnidentifiedImageError:
        raise StudyError(
            f"{path} must be a picture; its format is not known. Save it as PNG."
        ) from None
    except (OSError, SyntaxError, ValueError) as error:
        raise StudyError(f"{path} must be a whole picture; {error}. Save it again.") from None
    if image.mode in ("I", "I;16", "I;16B", "F"):
        values = np.asarray(image, np.float64)
        steps.append("scaled from more than 8 bits")
        return values * (WHITE / max(float(values.max()), 1.0))
    if image.mode != "L":
        steps.append(f"converted from {image.mode} to grey")
    if image.has_transparency_data:
        paper = PIL.Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        image = paper
    return np.asarray(image.convert("L"), np.float64)
