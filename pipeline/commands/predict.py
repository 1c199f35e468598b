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
    champion, folder = _champion(project, dataset)
    # As the training images are framed, where some are at hand.
    known = read_pictures(folder).originals if (folder / FILE).exists() else None
    framing = Framing() if known is None else Framing.of(known)
    shape, brightest = champion.card.image_shape, champion.card.brightest
    picture = read_picture(image, shape, brightest=brightest, framing=framing)
    yield f"{image.name}: {', '.join(picture.steps) or 'used as it is'}"
    answer = Answer(champion, picture.pixels, image.name)
    yield from answer.lines()
    yield from _cannot_know(champion)
    yield answer.drawn(project, image.stem, out)


def predict_image_lines(
    project: Project, dataset: str, number: int, out: Path | None
) -> Iterator[str]:
    """Classify one image of a dataset's test part, of the whole dataset where it has none.

    As `predict_lines`; the image is called by its number, from 0.

    Raises
    ------
    StudyError
        If there is no such image or no champion, in one line.
    """
    champion, _ = _champion(project, dataset)
    card = champion.card
    image = one_image(load_content(card.dataset, card.content_hash), number)
    answer = Answer(champion, image.pixels.astype(np.float32), image.title)
    seen = "" if image.title.startswith("test") else " (the network may have been trained on it)"
    yield f"{dataset_title(card.dataset)}, {image.title}{seen}"
    yield from _shaded(answer.pixels, card.brightest)
    yield from answer.lines()
    yield answer.drawn(project, str(number), out)


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


def _champion(project: Project, dataset: str | None) -> tuple[Champion, Path]:
    """Return a dataset's champion, and where it lies."""
    known = project.study.datasets
    if dataset is None and len(known) == 1:
        dataset = known[0]
    if dataset is None:
        raise StudyError(f"`--dataset` must name one of {', '.join(known)}; got none.")
    if dataset not in known:
        raise StudyError(
            f"`--dataset` must name a dataset of the study; got {dataset!r}. "
            f"{closest(dataset, known)}"
        )
    folder = project.results(dataset) / "champion"
    return load_champion(folder), folder


class Answer:
    """What a champion makes of the pixels, shape (height, width), of one picture."""

    def __init__(self, champion: Champion, pixels: NDArray[np.float32], title: str) -> None:
        self.card, self.pixels, self.title = champion.card, pixels, title
        self.probabilities = champion.probabilities(pixels[np.newaxis])[0]

    def lines(self) -> Iterator[str]:
        """Yield which class the network names, and a bar for each."""
        card, best = self.card, int(self.probabilities.argmax())
        yield (
            f"{dataset_title(card.dataset)}, {card.cell} (right on "
            f"{100 * card.test_accuracy:.1f} % of {card.n_test:,} test images) says "
            f"{card.class_names[best]}"
        )
        room = max(map(len, card.class_names))
        for label, p in zip(card.class_names, self.probabilities, strict=True):
            bar = "█" * round(_BAR * float(p))
            yield f"  {label:<{room}}  {bar:<{_BAR}} {100 * p:5.1f} %"

    def drawn(self, project: Project, stem: str, out: Path | None) -> str:
        """Draw the picture beside the answer; return where."""
        default = project.root / "reports" / "predictions" / f"{stem}_{self.card.dataset}.png"
        return write_png(out or default, project.root, self._draw)

    def _draw(self, figure: Figure) -> None:
        from pipeline.results.figures.rows import prediction

        figure.set_figheight(3.0)
        network = f"{dataset_title(self.card.dataset)}, {self.card.cell}"
        names, texts = self.card.class_names, {"title": self.title, "network": network}
        prediction(figure, self.pixels, self.probabilities, class_names=names, **texts)
