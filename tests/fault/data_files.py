"""Data files of each kind that a study may name, and how they are read."""

import gzip
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from data_loaders.arrays import content_hash
from data_loaders.assemble import assemble
from data_loaders.errors import DataError
from data_loaders.parse_spec import parse_spec
from data_loaders.readers.idx import IDX_FILES
from data_loaders.readers.path import read_path
from tests.mutations import Kind

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (30, 6, 5), np.uint8)
LABELS = np.arange(30) % 3


def idx(array: np.ndarray) -> bytes:
    sizes = np.array(array.shape, ">u4").tobytes()
    return bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()


def write_idx(folder: Path, suffix: str) -> Path:
    pack = gzip.compress if suffix else bytes
    names = {part: name.removesuffix(".gz") + suffix for part, name in IDX_FILES.items()}
    (folder / names["labels"]).write_bytes(pack(idx(LABELS)))
    path = folder / names["images"]
    path.write_bytes(pack(idx(IMAGES)))
    return path


def write_png(folder: Path) -> Path:
    for i, (image, label) in enumerate(zip(IMAGES[:6], LABELS, strict=False)):
        path = folder / f"class {label}" / f"{i}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(image).save(path)
    return path


def write_jpeg(folder: Path) -> Path:
    path = write_png(folder)
    Image.fromarray(IMAGES[0]).save(path.with_suffix(".jpg"))
    return path.with_suffix(".jpg")


FRAME = pd.DataFrame(
    {"a": RNG.normal(size=30), "b": ["red", "blü", "None"] * 10, "y": ["u", "v", "w"] * 10}
)


def write_csv(folder: Path) -> Path:
    FRAME.to_csv(folder / "t.csv", index=False, encoding="utf-8")
    return folder / "t.csv"


def write_parquet(folder: Path, **options: object) -> Path:
    FRAME.to_parquet(folder / "t.parquet", **options)
    return folder / "t.parquet"


def write_npz(folder: Path) -> Path:
    np.savez_compressed(folder / "a.npz", X=IMAGES, y=LABELS)
    return folder / "a.npz"


def write_npy(folder: Path) -> Path:
    np.save(folder / "x.npy", IMAGES)
    np.save(folder / "y.npy", LABELS)
    return folder / "x.npy"


def read(folder: Path, path: str) -> str:
    label = {"label": "y"} if path.startswith("t.") else {}
    spec = parse_spec("own", {"path": path, **label})
    return content_hash(assemble(read_path(folder / path, spec, folder), spec, where=f"`{path}`"))


def kind(write: Callable[[Path], Path], path: str, *, has_checksum: bool) -> Kind:
    """A kind of file that the study names by this path: the file itself, or its folder."""
    return Kind(write, partial(read, path=path), (DataError,), has_checksum, path)


KINDS = {
    "gzip": kind(partial(write_idx, suffix=".gz"), ".", has_checksum=True),
    "plain IDX": kind(partial(write_idx, suffix=""), ".", has_checksum=False),
    "npz": kind(write_npz, "a.npz", has_checksum=True),
    "npy": kind(write_npy, ".", has_checksum=False),
    "PNG": kind(write_png, ".", has_checksum=True),
    "JPEG": kind(write_jpeg, ".", has_checksum=False),
    "CSV": kind(write_csv, "t.csv", has_checksum=False),
    "Parquet": kind(write_parquet, "t.parquet", has_checksum=False),
    "Parquet with checksums": kind(
        partial(write_parquet, write_page_checksum=True), "t.parquet", has_checksum=True
    ),
}
