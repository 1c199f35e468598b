"""`knockout predict`: what a dataset's champion makes of one picture."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from experiments.errors import StudyError, closest
from pipeline import atomic
from pipeline.champion.framing import Picture, filled_by, read_picture
from pipeline.champion.sample_images import FILE, read_pictures
from pipeline.champion.saved_network import Champion, load_champion
from pipeline.results.text.titles import dataset_title
from pipeline.study.project import Project

_BAR = 24


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
    name = _dataset(project, dataset)
    folder = project.results(name) / "champion"
    champion = load_champion(folder)
    height, width = champion.card.image_shape
    picture = read_picture(
        image, (height, width), brightest=champion.card.brightest, filled=_filled(folder)
    )
    probabilities = champion.probabilities(picture.pixels[np.newaxis])[0]
    path = out or project.root / "reports" / "predictions" / f"{image.stem}_{name}.png"
    atomic.write_bytes(path, _drawn(picture, probabilities, champion, image))
    shown = path.relative_to(project.root) if path.is_relative_to(project.root) else path
    return [*_lines(picture, probabilities, champion, image), str(shown)]


def _filled(folder: Path) -> float:
    """Return how much of a side the training images fill; all of it when none are at hand."""
    return filled_by(read_pictures(folder).originals) if (folder / FILE).exists() else 1.0


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


def _lines(
    picture: Picture, probabilities: NDArray[np.float64], champion: Champion, image: Path
) -> Iterator[str]:
    card = champion.card
    yield f"{image.name}: {', '.join(picture.steps) or 'used as it is'}"
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
    picture: Picture, probabilities: NDArray[np.float64], champion: Champion, image: Path
) -> bytes:
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from pipeline.results.figures.prediction import prediction
    from pipeline.results.figures.style import SETTINGS

    content = BytesIO()
    with mpl.rc_context(cast(Any, SETTINGS)):
        figure = Figure(figsize=(7.2, 3.4), layout="constrained", dpi=SETTINGS["savefig.dpi"])
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.25))
        prediction(
            left,
            right,
            picture.pixels,
            probabilities,
            title=image.name,
            said=f"{dataset_title(champion.card.dataset)}, {champion.card.cell}",
            class_names=champion.card.class_names,
        )
        FigureCanvasAgg(figure).print_png(content, metadata={"Software": None})
    return content.getvalue()
