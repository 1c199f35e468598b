"""`knockout predict`: what a dataset's champion makes of one picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data_loaders.load import load_content
from experiments.errors import StudyError, closest
from pipeline.champion.framing import Framing, read_picture
from pipeline.champion.sample_images import FILE, read_pictures
from pipeline.champion.saved_network import Champion, load_champion
from pipeline.commands.drawing import write_png
from pipeline.commands.one_image import one_image
from pipeline.results.text.titles import dataset_title
from pipeline.study.project import Project

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Numbers = NDArray[np.float64]
_BAR = 24
_SHADES = " ░▒▓█"
# An image of fewer pixels a side keeps little of a drawing.
_SMALL = 16


def predict_lines(
    project: Project, image: Path, dataset: str | None, out: Path | None
) -> Iterator[str]:
    """Classify a picture, draw the answer, and yield what to print.

    Parameters
    ----------
    project : Project
        Where the champions are.
    image : Path
        The picture.
    dataset : str, optional
        Whose champion answers; may be left out when the study has one dataset.
    out : Path, optional
        PNG to write; default: `reports/predictions/<picture>_<dataset>.png`.

    Raises
    ------
    StudyError
        If the picture or the champion cannot be read, in one line.
    """
    folder = project.results(_dataset(project, dataset)) / "champion"
    champion = load_champion(folder)
    # As the training images are framed, where some are at hand.
    known = read_pictures(folder).originals if (folder / FILE).exists() else None
    framing = Framing() if known is None else Framing.of(known)
    shape, brightest = champion.card.image_shape, champion.card.brightest
    picture = read_picture(image, shape, brightest=brightest, framing=framing)
    yield f"{image.name}: {', '.join(picture.steps) or 'used as it is'}"
    probabilities = champion.probabilities(picture.pixels[np.newaxis])[0]
    yield from _answer(champion, probabilities)
    yield from _cannot_know(champion)
    path = out or _default_path(project, image.stem, champion)
    yield _drawn(project, path, champion, picture.pixels, probabilities, image.name)


def predict_image_lines(
    project: Project, dataset: str, number: int, out: Path | None
) -> Iterator[str]:
    """Classify one image of a dataset's test part, of the whole dataset where it has none.

    Parameters
    ----------
    project : Project
        Where the champions are.
    dataset : str
        Whose image, and whose champion answers.
    number : int
        Which image, from 0.
    out : Path, optional
        PNG to write; default: `reports/predictions/<number>_<dataset>.png`.

    Raises
    ------
    StudyError
        If there is no such image or no champion, in one line.
    """
    champion = load_champion(project.results(_dataset(project, dataset)) / "champion")
    card = champion.card
    image = one_image(load_content(card.dataset, card.content_hash), number)
    pixels = image.pixels.astype(np.float32)
    seen = "" if image.title.startswith("test") else " (the network may have been trained on it)"
    yield f"{dataset_title(card.dataset)}, {image.title}{seen}"
    yield from _shaded(pixels, card.brightest)
    probabilities = champion.probabilities(pixels[np.newaxis])[0]
    yield from _answer(champion, probabilities)
    path = out or _default_path(project, str(number), champion)
    yield _drawn(project, path, champion, pixels, probabilities, image.title)


def _default_path(project: Project, stem: str, champion: Champion) -> Path:
    return project.root / "reports" / "predictions" / f"{stem}_{champion.card.dataset}.png"


def _shaded(pixels: NDArray[np.float32], brightest: float) -> Iterator[str]:
    """Yield an image as text, two characters a pixel."""
    shades = np.clip(pixels / brightest * len(_SHADES), 0, len(_SHADES) - 1).astype(int)
    for row in shades:
        yield "".join(2 * _SHADES[shade] for shade in row).rstrip()


def _cannot_know(champion: Champion) -> Iterator[str]:
    """Yield what an answer to a picture from elsewhere does not say."""
    height, width = champion.card.image_shape
    yield (
        f"It answers with one of {len(champion.card.class_names)} classes whatever the picture "
        "shows; its probabilities are not calibrated."
    )
    if min(height, width) < _SMALL:
        yield (
            f"{width} x {height} pixels keep little of a drawing, and the network has seen none "
            "but this dataset's: take the answer for a guess."
        )


def _dataset(project: Project, dataset: str | None) -> str:
    known = project.study.datasets
    if dataset is None and len(known) == 1:
        return known[0]
    if dataset is None:
        raise StudyError(f"`--dataset` must name one of {', '.join(known)}; got none.")
    if dataset not in known:
        raise StudyError(
            f"`--dataset` must name a dataset of the study; got {dataset!r}. "
            f"{closest(dataset, known)}"
        )
    return dataset


def _answer(champion: Champion, probabilities: Numbers) -> Iterator[str]:
    """Yield which class the network names, and a bar for each."""
    card = champion.card
    best = int(probabilities.argmax())
    yield (
        f"{dataset_title(card.dataset)}, {card.cell} (right on {100 * card.test_accuracy:.1f} % of "
        f"{card.n_test:,} test images) says {card.class_names[best]}"
    )
    room = max(map(len, card.class_names))
    for label, p in zip(card.class_names, probabilities, strict=True):
        bar = "█" * round(_BAR * float(p))
        yield f"  {label:<{room}}  {bar:<{_BAR}} {100 * p:5.1f} %"


def _drawn(
    project: Project,
    path: Path,
    champion: Champion,
    pixels: NDArray[np.float32],
    probabilities: Numbers,
    title: str,
) -> str:
    """Draw the picture beside the answer; return where."""

    def draw(figure: Figure) -> None:
        from pipeline.results.figures.prediction import prediction

        figure.set_figheight(3.0)
        network = f"{dataset_title(champion.card.dataset)}, {champion.card.cell}"
        names = champion.card.class_names
        prediction(figure, pixels, probabilities, title=title, network=network, class_names=names)

    return write_png(path, project.root, draw)
