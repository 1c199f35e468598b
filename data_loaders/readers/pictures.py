"""Reader for a folder with one folder of pictures per class."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from data_loaders.arrays import LARGEST_BYTES
from data_loaders.errors import DataError, one_line, quoted
from data_loaders.raw import Raw

ENDINGS = (".png", ".jpg", ".jpeg")
_FORMATS = ("PNG", "JPEG")
_GREY = ("1", "L", "LA")
_COLOUR = ("P", "PA", "RGB", "RGBA", "CMYK", "YCbCr")
_MOST_PIXELS = 2**26


def class_folders(folder: Path) -> dict[str, list[Path]]:
    """Return the pictures of each class, by the name of its folder; hidden files do not count."""
    visible = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    return {
        inner.name: sorted(
            p for p in inner.iterdir()
            if p.suffix.lower() in ENDINGS and not p.name.startswith(".")
        )
        for inner in visible
    }  # fmt: skip


def read_pictures(folder: Path, shape: Sequence[int] = ()) -> Raw:
    """Read PNG and JPEG pictures; the name of a picture's folder is its label.

    Pictures are grey when all are, else red, green and blue; transparency is left out.

    Parameters
    ----------
    folder : Path
        Holds one folder per class.
    shape : sequence of int, optional
        Height and width to which they are resized.

    Raises
    ------
    DataError
        If a class has no picture, one of them cannot be read, or their sizes differ.
    """
    classes = class_folders(folder)
    for name, paths in classes.items():
        if not paths:
            raise DataError(
                f"`{folder.name}/{name}/` must hold pictures ({', '.join(ENDINGS)}); it holds "
                "none. Add some, or remove the folder."
            )
    paths = [path for members in classes.values() for path in members]
    grey = all(_open(path).mode in _GREY for path in paths)
    size = (shape[1], shape[0]) if shape else _open(paths[0]).size
    pixels = (len(paths), size[1], size[0], *(() if grey else (3,)))
    if np.prod(pixels, dtype=float) > LARGEST_BYTES:
        raise DataError(
            f"`{folder.name}/` must hold at most {LARGEST_BYTES} bytes of pixels; got {pixels}. "
            "Write a smaller shape: [height, width]."
        )
    images = np.empty(pixels, np.uint8)
    for index, path in enumerate(paths):
        images[index] = _decode(path, "L" if grey else "RGB", size, paths[0], resize=bool(shape))
    labels = np.array([name for name, members in classes.items() for _ in members])
    raw = Raw(images, labels)
    if any(path.suffix.lower() != ".png" for path in paths):
        raw.notes.append("JPEG files carry no checksum, damaged pixels cannot be seen: PNG does")
    return raw


def _open(path: Path, content: bytes | None = None) -> Any:
    """Return a picture whose header alone has been read."""
    from PIL import Image

    # Pillow's own limit on size is a warning first.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            with path.open("rb") as file:
                picture = Image.open(
                    file if content is None else io.BytesIO(content), "r", _FORMATS
                )
                if content is None:
                    picture.close()
        # What Pillow raises for damaged files has no common base.
        except Exception as error:
            raise DataError(_refusal(path, one_line(error))) from error
    return picture


def _refusal(path: Path, reason: str) -> str:
    return (
        f"`{path.parent.name}/{path.name}` must be a PNG or JPEG picture; {reason}. Replace it, or "
        "remove it."
    )


def _decode(
    path: Path, mode: str, size: tuple[int, int], first: Path, *, resize: bool
) -> np.ndarray:
    content = path.read_bytes()
    picture = _open(path, content)
    if picture.mode not in _GREY + _COLOUR:
        raise DataError(
            f"`{path.parent.name}/{path.name}` must have 8 bits per channel; got Pillow's mode "
            f"{picture.mode}. Save it as grey or RGB."
        )
    if not resize and picture.size != size:
        raise DataError(
            f"`{path.parent.name}/{path.name}` must have the size of `{first.parent.name}/"
            f"{first.name}`, {size[0]} x {size[1]}; got {picture.size[0]} x {picture.size[1]}. "
            f"Write shape: [{size[1]}, {size[0]}] to resize all."
        )
    if picture.size[0] * picture.size[1] > _MOST_PIXELS:
        raise DataError(_refusal(path, f"it states {quoted(picture.size)} pixels"))
    try:
        if picture.format == "PNG":
            # Decoding leaves the checksums of the pixels' chunks unread.
            picture.verify()
            picture = _open(path, content)
        picture = picture.convert(mode)
        return np.asarray(picture.resize(size) if resize else picture)
    except DataError:
        raise
    except Exception as error:
        raise DataError(_refusal(path, one_line(error))) from error
