"""`knockout predict`: what a dataset's champion makes of one picture."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from data_loaders.load import load_content
from experiments.errors import StudyError, closest
from pipeline import atomic
from pipeline.champion.framing import Framing, Picture, read_picture
from pipeline.champion.sample_images import FILE, read_pictures
from pipeline.champion.saved_network import Champion, load_champion
from pipeline.commands.one_image import OneImage
from pipeline.results.text.titles import dataset_title
from pipeline.study.project import Project

_BAR = 24
_SHADES = " ░▒▓█"
# An image of fewer pixels a side keeps little of a drawing.
_SMALL = 16


def predict_lines(
    project: Project, image: Path, dataset: str | None, out: Path | None
) -> list[str]:
    """Classify a picture, draw the answer, and return what to print.

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
    champion, folder = _champion(project, _dataset(project, dataset))
    card = champion.card
    # As the training images are framed, where some are at hand.
    known = read_pictures(folder).originals if (folder / FILE).exists() else None
    framing = Framing() if known is None else Framing.of(known)
    picture = read_picture(image, card.image_shape, brightest=card.brightest, framing=framing)
    done = f"{image.name}: {', '.join(picture.steps) or 'used as it is'}"
    lines = _answered(project, champion, picture, image.name, image.stem, out)
    return [done, *lines[:-1], *_cannot_know(champion), lines[-1]]


def predict_image_lines(project: Project, dataset: str, number: int, out: Path | None) -> list[str]:
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
    champion, _ = _champion(project, _dataset(project, dataset))
    card = champion.card
    image = OneImage.of(load_content(card.dataset, card.content_hash), number)
    picture = Picture(image.pixels.astype(np.float32), ())
    title = image.title(card.class_names)
    lines = _answered(project, champion, picture, title, str(number), out)
    seen = " (the network may have been trained on it)" if image.part == "image" else ""
    head = f"{dataset_title(card.dataset)}, {title}{seen}"
    return [head, *_shaded(picture.pixels, card.brightest), *lines]


def _champion(project: Project, dataset: str) -> tuple[Champion, Path]:
    folder = project.results(dataset) / "champion"
    return load_champion(folder), folder


def _answered(
    project: Project, champion: Champion, picture: Picture, title: str, stem: str, out: Path | None
) -> list[str]:
    """Draw the answer; return what the network says and, last, where the drawing is."""
    probabilities = champion.probabilities(picture.pixels[np.newaxis])[0]
    name = f"{stem}_{champion.card.dataset}.png"
    path = out or project.root / "reports" / "predictions" / name
    atomic.write_bytes(path, _drawn(picture, probabilities, champion, title))
    shown = path.relative_to(project.root) if path.is_relative_to(project.root) else path
    return [*_lines(probabilities, champion), str(shown)]


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


def _lines(probabilities: NDArray[np.float64], champion: Champion) -> Iterator[str]:
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
    picture: Picture, probabilities: NDArray[np.float64], champion: Champion, title: str
) -> bytes:
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from pipeline.results.figures.prediction import prediction
    from pipeline.results.figures.style import SETTINGS, new_figure

    content = BytesIO()
    with mpl.rc_context(cast(Any, SETTINGS)):
        figure = new_figure(3.0)
        figure.set_dpi(SETTINGS["savefig.dpi"])
        prediction(
            figure,
            picture.pixels,
            probabilities,
            title=title,
            network=f"{dataset_title(champion.card.dataset)}, {champion.card.cell}",
            class_names=champion.card.class_names,
        )
        FigureCanvasAgg(figure).print_png(content, metadata={"Software": None})
    return content.getvalue()
