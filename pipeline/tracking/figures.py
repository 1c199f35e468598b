"""Two small figures as SVG text.

Written by hand because a study logs hundreds of them: a plotting library takes 60 to 100 ms
for one, this under 2 ms, and the UI shows SVG as sharply as it can.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

_TEXT = "#333"
_TRAIN, _VALIDATION = "#888888", "#1f5fa8"


def _document(width: int, height: int, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="11" '
        f'fill="{_TEXT}"><rect width="{width}" height="{height}" fill="white"/>'
        + "".join(body)
        + "</svg>\n"
    )


def _text(x: float, y: float, content: str, *, anchor: str = "middle", size: int = 11) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">'
        f"{escape(content)}</text>"
    )


def _panel(
    left: int, history: Mapping[str, list[float]], measure: str, *, top: int = 46
) -> list[str]:
    """Draw training and validation curves of one measure, 250 x 190 points inside the axes."""
    width, height = 250, 190
    epochs = [float(epoch) for epoch in history["epoch"]]
    series = [
        (_TRAIN, history.get(f"train_{measure}", [])),
        (_VALIDATION, history.get(f"val_{measure}", [])),
    ]
    finite = [v for _, values in series for v in values if math.isfinite(v)] or [0.0]
    low, high = min(finite), max(finite)
    span = (high - low) or 1.0
    steps = (epochs[-1] - epochs[0]) or 1.0

    def place(epoch: float, value: float) -> str:
        x = left + (epoch - epochs[0]) / steps * width
        return f"{x:.1f},{top + (high - value) / span * height:.1f}"

    body = [
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="#bbb"/>',
        _text(left + width / 2, top - 8, measure, size=12),
        _text(left - 6, top + 9, f"{high:.4g}", anchor="end"),
        _text(left - 6, top + height, f"{low:.4g}", anchor="end"),
        _text(left, top + height + 15, f"{epochs[0]:g}"),
        _text(left + width, top + height + 15, f"{epochs[-1]:g}"),
        _text(left + width / 2, top + height + 15, "epoch"),
    ]
    for colour, values in series:
        points = [place(e, v) for e, v in zip(epochs, values, strict=False) if math.isfinite(v)]
        body.append(
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" '
            'stroke-width="2"/>'
        )
        body.extend(
            '<circle cx="{}" cy="{}" r="2.2" fill="{}"/>'.format(*p.split(","), colour)
            for p in points
        )
    return body


def learning_curves(history: Mapping[str, list[float]], title: str) -> str:
    """Draw loss and accuracy per epoch, training in grey and validation in blue.

    Parameters
    ----------
    history : mapping of str to list of float
        `epoch, train_loss, train_accuracy, val_loss, val_accuracy`; values that are not
        finite are left out.
    title : str
        Said above the panels.

    Returns
    -------
    str
        An SVG document.
    """
    legend = [
        f'<tspan fill="{_TRAIN}" font-weight="bold">training</tspan>',
        f'<tspan fill="{_VALIDATION}" font-weight="bold" dx="10">validation</tspan>',
    ]
    body = [
        _text(20, 20, title, anchor="start", size=13),
        f'<text x="640" y="20" text-anchor="end">{"".join(legend)}</text>',
        *_panel(60, history, "loss"),
        *_panel(390, history, "accuracy"),
    ]
    return _document(660, 270, body)


def confusion_matrix(labels: np.ndarray, predictions: np.ndarray, title: str) -> str:
    """Draw how often each true class was given each class.

    Parameters
    ----------
    labels, predictions : ndarray of uint8, shape (n,)
        True and predicted classes.
    title : str
        Said above the matrix.

    Returns
    -------
    str
        An SVG document; rows are true classes, mistakes are shaded by their share of the row.
    """
    n_classes = int(max(labels.max(), predictions.max())) + 1
    counts = np.zeros((n_classes, n_classes), np.int64)
    np.add.at(counts, (labels, predictions), 1)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side, left, top = 34, 60, 60
    body = [
        _text(20, 20, title, anchor="start", size=13),
        _text(left + side * n_classes / 2, top - 24, "predicted class"),
        _text(24, top + side * n_classes / 2, "true"),
    ]
    for i in range(n_classes):
        middle = side * (i + 0.5)
        body.append(_text(left - 10, top + middle + 4, str(i)))
        body.append(_text(left + middle, top - 8, str(i)))
        for j in range(n_classes):
            # A few per cent of mistakes must show beside a diagonal near 100 %.
            depth = 0.35 * share[i, j] if i == j else min(1.0, share[i, j] * 12)
            colour = "#1f5fa8" if i == j else "#c0392b"
            x, y = left + side * j, top + side * i
            body.append(
                f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="{colour}" '
                f'fill-opacity="{depth:.3f}" stroke="#ddd"/>'
            )
            if counts[i, j]:
                body.append(_text(x + side / 2, y + side / 2 + 4, str(counts[i, j])))
    return _document(left + side * n_classes + 20, top + side * n_classes + 20, body)
