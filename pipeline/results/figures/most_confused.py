"""The test images that a study's runs get wrong most often."""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.figure import Figure

from experiments.analysis.confusions import rank_confused
from pipeline.results.figures.kind import kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.mosaic import draw_mosaic, mosaic, mosaic_axes
from pipeline.results.figures.style import INK, SIZE
from pipeline.results.text.words import counted

_COLUMNS, _ROWS = 4, 3


@kind(
    "Images that are wrong most often",
    "Some are mislabelled or unreadable: no recipe will get them right.",
    "cells",
)
def most_confused(figure: Figure, m: Material) -> str | None:
    """Draw the images, under each its class, the usual guess, and how many runs erred."""
    pictures, answers = m.exhibits.pictures, m.answers()
    if pictures is None:
        return None
    images = dict(zip(pictures.confused_index.tolist(), pictures.confused, strict=True))
    ranked = rank_confused(answers.index, answers.labels, answers.guesses, count=len(images))
    shown = [item for item in ranked if item.index in images][: _COLUMNS * _ROWS]
    if not shown:
        return None
    tiles = np.stack([images[item.index] for item in shown]).astype(np.float64)
    height, width = tiles.shape[1:3]
    class_names = [_short(name) for name in m.class_names(answers)]
    labels = [_label(class_names[item.label], class_names[item.guess]) for item in shown]
    # Room for two or three lines of text under an image.
    gap = max(round((1.15 if any("\n" in label for label in labels) else 0.62) * height), 3)
    sheet = mosaic(tiles, columns=_COLUMNS, gap=gap)
    axes = mosaic_axes(figure, sheet.shape[0] + gap, sheet.shape[1])
    draw_mosaic(axes, sheet)
    for i, (item, label) in enumerate(zip(shown, labels, strict=True)):
        y = (i // _COLUMNS) * (height + gap) + height - 0.2
        x = (i % _COLUMNS) * (width + gap) + width / 2
        axes.annotate(
            f"{label}\n{item.errors} of {item.runs}", (x, y), xytext=(0, -2),
            textcoords="offset points", ha="center", va="top", fontsize=SIZE, color=INK,
            linespacing=1.1, annotation_clip=False,
        )  # fmt: skip
    axes.set_ylim(sheet.shape[0] + gap - 1, -1)
    return (
        f"over n = {counted(answers.n_runs, 'run')} of all recipes: true class → usual guess, and "
        "how many of the runs that were asked got it wrong"
    )


def _label(true: str, guess: str) -> str:
    return f"{true} → {guess}" if len(true + guess) < 8 else f"{true}\n→ {guess}"


def _short(name: str) -> str:
    return textwrap.shorten(name, 11, placeholder="…") or name[:10]
