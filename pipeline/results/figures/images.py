"""What images show: the hardest ones, what the first layer looks for, what augmentation does."""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.figure import Figure

from experiments.analysis.confusions import rank_confused
from pipeline.results.figures.material import Material, kind
from pipeline.results.figures.sheets import draw_sheet, mosaic, name_row, sheet_axes
from pipeline.results.figures.style import INK, SIZE
from pipeline.results.text.words import counted

PAIRS = 5
_HARD_COLUMNS, _HARD = 4, 12
_UNITS, _UNIT_COLUMNS = 32, 8
# Orange and purple about a light middle.
_SIGNED = "PuOr_r"


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
    # Millions of answers, of which those on a few images matter.
    asked = np.isin(answers.index, pictures.confused_index)
    index, labels, guesses = answers.index[asked], answers.labels[asked], answers.guesses[asked]
    shown = rank_confused(index, labels, guesses, count=_HARD)
    if not shown:
        return None
    tiles = np.stack([images[item.index] for item in shown]).astype(np.float64)
    height, width = tiles.shape[1:3]
    class_names = [_short(name) for name in m.class_names(answers)]
    names = [_label(class_names[item.label], class_names[item.guess]) for item in shown]
    # Room for two or three lines of text under an image.
    gap = max(round((1.15 if any("\n" in name for name in names) else 0.62) * height), 3)
    sheet = mosaic(tiles, columns=_HARD_COLUMNS, gap=gap)
    axes = sheet_axes(figure, sheet.shape[0] + gap, sheet.shape[1])
    draw_sheet(axes, sheet)
    for i, (item, name) in enumerate(zip(shown, names, strict=True)):
        y = (i // _HARD_COLUMNS) * (height + gap) + height - 0.2
        x = (i % _HARD_COLUMNS) * (width + gap) + width / 2
        axes.annotate(
            f"{name}\n{item.errors} of {item.runs}", (x, y), xytext=(0, -2),
            textcoords="offset points", ha="center", va="top", fontsize=SIZE, color=INK,
            linespacing=1.1, annotation_clip=False,
        )  # fmt: skip
    axes.set_ylim(sheet.shape[0] + gap - 1, -1)
    return (
        f"over n = {counted(answers.n_runs, 'run')} of all recipes: true class → usual guess, and "
        "how many of the runs that were asked got it wrong"
    )


@kind(
    "What the first layer looks for",
    "Each tile shows how one unit of the first layer weighs the pixels.",
    "champion",
)
def first_layer_weights(figure: Figure, m: Material) -> str | None:
    """Draw the units with the largest weights, each scaled to its own largest weight.

    The weights of a pixel's colours are drawn as their mean.
    """
    weights, shape = m.exhibits.weights, m.results.cards[m.dataset].image_shape[:2]
    if weights is None:
        return None
    chosen = np.argsort(-np.linalg.norm(weights, axis=0), kind="stable")[:_UNITS]
    tiles = weights.T[chosen].reshape(len(chosen), *shape, -1).mean(axis=-1)
    peak = np.abs(tiles).max(axis=(1, 2), keepdims=True)
    gap = max(shape[0] // 12, 1)
    sheet = mosaic(tiles / np.where(peak > 0, peak, 1), columns=_UNIT_COLUMNS, gap=gap)
    axes = sheet_axes(figure, sheet.shape[0] + gap, sheet.shape[1])
    axes.imshow(sheet, cmap=_SIGNED, vmin=-1, vmax=1, interpolation="none")
    return (
        f"{m.exhibits.cell}, one run; the {len(chosen)} of {weights.shape[1]} units with the "
        "largest norm\norange: positive, purple: negative, each unit scaled by its largest weight"
    )


@kind(
    "Augmentation off and on",
    "Training images, the same images as the network was given them, and what changed.",
    "champion",
)
def sample_images(figure: Figure, m: Material) -> str | None:
    """Draw the images that changed most above their augmented selves and the differences."""
    pictures = m.exhibits.pictures
    if pictures is None or not pictures.augmentation:
        return None
    before = pictures.originals
    moved = np.asarray(pictures.augmented, float) - before
    # What changed is shown in one colour map, the colours of a pixel averaged.
    moved = moved.reshape(*moved.shape[:3], -1).mean(axis=-1)
    chosen = np.sort(np.argsort(-np.abs(moved).mean(axis=(1, 2)), kind="stable")[:PAIRS])
    top, height = max(float(np.abs(before).max()), 1e-9), before.shape[1]
    gap = max(height // 9, 1)
    both = np.concatenate([before[chosen], pictures.augmented[chosen]])
    images, changes = (mosaic(part, columns=PAIRS, gap=gap) for part in (both, moved[chosen]))
    (tall, width), below = images.shape[:2], images.shape[0] + gap
    high = below + changes.shape[0]
    # The names of the rows take three quarters of an inch.
    axes = sheet_axes(figure, high + gap, width, sides=0.75)
    draw_sheet(axes, images).set_extent((0, width, tall, 0))
    axes.imshow(
        changes, cmap=_SIGNED, vmin=-top, vmax=top, interpolation="none",
        extent=(0, width, high, below),
    )  # fmt: skip
    for i, text in enumerate(("off", "on", "on − off")):
        name_row(axes, text, -1, i * (height + gap) + height / 2)
    axes.set_xlim(0, width)
    axes.set_ylim(high, 0)
    return (
        f"{pictures.augmentation}; of {len(before)} training images, drawn once each, the "
        f"{len(chosen)} that changed most\norange: darker with augmentation, purple: lighter"
    )


def _label(true: str, guess: str) -> str:
    return f"{true} → {guess}" if len(true + guess) < 8 else f"{true}\n→ {guess}"


def _short(name: str) -> str:
    return textwrap.shorten(name, 11, placeholder="…") or name[:10]
