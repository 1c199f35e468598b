"""`knockout data show NAME`: what a dataset holds, before anything is trained on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from data_loaders.datasets import Dataset
from data_loaders.facts import facts, majority_share
from data_loaders.load import load
from data_loaders.registry import REGISTRY
from data_loaders.spec import DatasetSpec
from data_loaders.split import TEST_FRACTION
from experiments.errors import StudyError, closest
from pipeline.commands.one_picture import one_image, write_png
from pipeline.study.project import Project

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BAR, _MOST = 24, 20


def show_lines(project: Project, name: str, out: Path | None = None) -> Iterator[str]:
    """Load a dataset of the study, or a built-in one, and yield what is known of it.

    Samples of images are drawn as `out`, or reports/data/<name>.png.
    """
    spec = _spec(project, name)
    dataset = load(spec, folder=project.root)
    yield f"{name}: {_size(dataset)}"
    yield f"origin        {_origin(spec)}"
    yield f"content hash  {dataset.content_hash}"
    yield from _targets(dataset)
    yield from _columns(dataset)
    for fact in facts(dataset):
        yield f"note: {fact}"
    if dataset.is_table or dataset.is_regression:
        return

    def draw(figure: Figure) -> None:
        from pipeline.results.figures.sheets import class_samples
        from pipeline.results.figures.style import say

        names, images = dataset.class_names, (dataset.x, dataset.y)
        drawn = class_samples(figure, *images, class_names=names, most_classes=_MOST)
        say(figure, name, drawn)

    yield write_png(out or project.reports / "data" / f"{name}.png", project.root, draw)


def image_lines(project: Project, name: str, number: int) -> Iterator[str]:
    """Yield what an image of a dataset shows, and its pixel values, of colours their mean."""
    pixels, title = one_image(load(_spec(project, name), folder=project.root), number)
    yield f"{name}: {title}"
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=2).round()
    for row in grey.astype(int).tolist():
        yield "".join(f"{value or '·':>4}" for value in row)


def _spec(project: Project, name: str) -> DatasetSpec:
    if name in project.study.sources:
        return project.study.sources[name]
    if name in REGISTRY:
        return DatasetSpec(name, builtin=name)
    known = {*project.study.datasets, *REGISTRY}
    raise StudyError(f"`data show` must name a known dataset; got {name!r}. {closest(name, known)}")


def _size(dataset: Dataset) -> str:
    shape = " x ".join(map(str, dataset.x.shape[1:3]))
    colours = {3: "RGB", 4: "RGBA"}.get(dataset.x.shape[-1], "") if dataset.x.ndim == 4 else "grey"
    kind = f"{shape} columns" if dataset.is_table else f"{shape} {colours} images"
    if dataset.x_test is None:
        test = f"each split draws its own test part ({TEST_FRACTION:.0%})"
    else:
        test = f"{len(dataset.x_test):,} more are the given test part"
    groups = "" if dataset.groups is None else f" in {len(np.unique(dataset.groups)):,} groups"
    return f"{len(dataset.x):,} examples{groups}, {kind}; {test}"


def _origin(spec: DatasetSpec) -> str:
    if spec.builtin:
        labels = (source.label for source in REGISTRY[spec.builtin].preferring(spec.source))
        return f"built in; from the cache, or from {', '.join(dict.fromkeys(labels))}"
    if spec.sklearn:
        return f"sklearn.datasets.{spec.sklearn}"
    return f"OpenML {spec.openml}" if spec.openml else spec.path or spec.function


def _targets(dataset: Dataset) -> Iterator[str]:
    """Yield how many examples each class has, or how the numbers to predict are spread."""
    if dataset.is_regression:
        yield f"to predict    numbers from {_spread(dataset.y)}"
        return
    counts = np.bincount(dataset.y, minlength=dataset.n_classes)
    yield f"to predict    {dataset.n_classes} classes"
    names = dataset.class_names[:_MOST]
    room = max(map(len, names))
    for label, count in zip(names, counts[:_MOST], strict=True):
        bar = "█" * round(_BAR * count / counts.max())
        yield f"  {label:<{room}}  {bar:<{_BAR}} {count:>7,} {count / counts.sum():6.1%}"
    if len(rest := counts[_MOST:]):
        yield f"  … {len(rest)} more classes of {rest.min():,} to {rest.max():,} examples"
    share = majority_share(dataset)
    yield f"majority      always answering the largest class is right in {share:.1%}"


def _columns(dataset: Dataset) -> Iterator[str]:
    """Yield what the columns of a table hold."""
    for j, feature in enumerate(dataset.features[:_MOST]):
        column = np.asarray(dataset.x[:, j], np.float64)
        present = column[~np.isnan(column)]
        gaps = f", {len(column) - len(present):,} missing" if len(present) < len(column) else ""
        in_rows = feature.category or not len(present)
        told = f"{int(present.sum()):,} rows" if in_rows else _spread(present)
        yield f"  {feature}: {told}{gaps}"
    if len(dataset.features) > _MOST:
        yield f"  … {len(dataset.features) - _MOST} more columns"


def _spread(numbers: np.ndarray) -> str:
    return "{:g} to {:g}, median {:g}".format(*np.quantile(numbers, [0, 1, 0.5]))
