"""`knockout predict`: what a dataset's champion makes of one picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from data_loaders.load import load_content
from experiments.errors import StudyError, closest
from pipeline.champion.framing import Framing, read_picture
from pipeline.champion.sample_images import FILE, read_pictures
from pipeline.champion.saved_network import Champion, load_champion
from pipeline.commands.one_picture import one_image, write_png
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

    The champion is that of `dataset`, which may be left out when the study has one; the PNG is
    `out`, or reports/predictions/<picture>_<dataset>.png.
    """
    champion, folder = _champion(project, dataset)
    # As the training images are framed, where some are at hand.
    known = read_pictures(folder).originals if (folder / FILE).exists() else None
    framing = Framing() if known is None else Framing.of(known)
    names, (height, width) = champion.card.class_names, champion.card.image_shape
    brightest = champion.card.brightest
    picture = read_picture(image, (height, width), brightest=brightest, framing=framing)
    yield f"{image.name}: {', '.join(picture.steps) or 'used as it is'}"
    *said, drawn = _answer(project, champion, picture.pixels, image.name, image.stem, out)
    yield from said
    yield (
        f"It answers with one of {len(names)} classes whatever the picture shows; its "
        "probabilities are not calibrated."
    )
    if min(height, width) < _SMALL:
        yield (
            f"{width} x {height} pixels keep little of a drawing, and the network has seen none "
            "but this dataset's: take the answer for a guess."
        )
    yield drawn


def predict_image_lines(
    project: Project, dataset: str, number: int, out: Path | None
) -> Iterator[str]:
    """Classify one image of a dataset's test part, of the whole dataset where it has none.

    As `predict_lines`; the image is called by its number, from 0.
    """
    champion, _ = _champion(project, dataset)
    card = champion.card
    raw, title = one_image(load_content(card.dataset, card.content_hash), number)
    pixels = raw.astype(np.float32)
    seen = "" if title.startswith("test") else " (the network may have been trained on it)"
    yield f"{dataset_title(card.dataset)}, {title}{seen}"
    # As text, two characters a pixel.
    shades = np.clip(pixels / card.brightest * len(_SHADES), 0, len(_SHADES) - 1).astype(int)
    for row in shades:
        yield "".join(2 * _SHADES[shade] for shade in row).rstrip()
    yield from _answer(project, champion, pixels, title, str(number), out)


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


def _answer(
    project: Project,
    champion: Champion,
    pixels: np.ndarray,
    title: str,
    stem: str,
    out: Path | None,
) -> Iterator[str]:
    """Yield which class the network names, a bar for each, and where both are drawn."""
    card, answer = champion.card, champion.probabilities(pixels[np.newaxis])[0]
    network = f"{dataset_title(card.dataset)}, {card.cell}"
    yield (
        f"{network} (right on {100 * card.test_accuracy:.1f} % of {card.n_test:,} test images) "
        f"says {card.class_names[int(answer.argmax())]}"
    )
    room = max(map(len, card.class_names))
    for label, p in zip(card.class_names, answer, strict=True):
        bar = "█" * round(_BAR * float(p))
        yield f"  {label:<{room}}  {bar:<{_BAR}} {100 * p:5.1f} %"

    def draw(figure: Figure) -> None:
        from pipeline.results.figures.rows import prediction

        figure.set_figheight(3.0)
        texts = {"title": title, "network": network}
        prediction(figure, pixels, answer, class_names=card.class_names, **texts)

    path = project.root / "reports" / "predictions" / f"{stem}_{card.dataset}.png"
    yield write_png(out or path, project.root, draw)
