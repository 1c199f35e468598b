"""Files of each kind with flipped, cut, repeated bytes: refused in one line, or whole."""

import gzip
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from data_loaders.arrays import Arrays, content_hash
from data_loaders.assemble import assemble
from data_loaders.errors import DataError
from data_loaders.parse_spec import parse_spec
from data_loaders.readers.idx import IDX_FILES
from data_loaders.readers.path import read_path
from tests.mutations import MANY, mutate, mutations

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (30, 6, 5), np.uint8)
LABELS = np.arange(30) % 3
FEW = 40
SECONDS, BYTES = 2.0, 2**26


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


# How a file is written, what the study names (the file itself, or its folder's parent), whether a
# checksum covers its values.
KINDS = {
    "gzip": (lambda folder: write_idx(folder, ".gz"), ".", True),
    "plain IDX": (lambda folder: write_idx(folder, ""), ".", False),
    "npz": (write_npz, "a.npz", True),
    "npy": (write_npy, ".", False),
    "PNG": (write_png, ".", True),
    "JPEG": (write_jpeg, ".", False),
    "CSV": (write_csv, "t.csv", False),
    "Parquet": (write_parquet, "t.parquet", False),
    "Parquet with checksums": (
        lambda folder: write_parquet(folder, write_page_checksum=True), "t.parquet", True,
    ),
}  # fmt: skip


def load(folder: Path, path: str) -> Arrays:
    label = {"label": "y"} if path.startswith("t.") else {}
    spec = parse_spec("own", {"path": path, **label})
    return assemble(read_path(folder / path, spec, folder), spec, where=f"`{path}`")


def try_mutations(kind: str, count: int) -> None:
    write, path, has_checksum = KINDS[kind]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = write(folder)
        whole = file.read_bytes()
        good = content_hash(load(folder, path))

        @settings(
            deadline=None, max_examples=count, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(mutations(len(whole)))
        def tried(changes: list[tuple[str, int, bytes]]) -> None:
            file.write_bytes(mutate(whole, changes))
            tracemalloc.start()
            started = time.process_time()
            try:
                found = content_hash(load(folder, path))
            except DataError as error:
                assert "\n" not in str(error)
                assert len(str(error)) < 1000
                assert any(part in str(error) for part in (file.name, path, str(folder)))
            else:
                assert found == good or not has_checksum
            finally:
                seconds, peak = time.process_time() - started, tracemalloc.get_traced_memory()[1]
                tracemalloc.stop()
            assert seconds < SECONDS
            assert peak < BYTES

        tried()


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutated_file_is_refused_in_one_line_or_is_whole(kind: str) -> None:
    try_mutations(kind, FEW)


@pytest.mark.fault
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
def test_thousands_of_mutated_files(kind: str) -> None:
    try_mutations(kind, MANY)
