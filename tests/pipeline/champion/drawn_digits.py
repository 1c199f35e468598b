"""Ten digits as people draw them on a sheet, each with another pen, size, slant and paper."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw

Point = tuple[float, float]


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[Point]:
    """Return points on an ellipse, angles in turns, clockwise from the right."""
    turns = [start + (end - start) * i / 40 for i in range(41)]
    return [(x + rx * cos(2 * pi * t), y + ry * sin(2 * pi * t)) for t in turns]


# Strokes in a box of width 1 and height 1.6, y downwards.
STROKES: dict[int, list[list[Point]]] = {
    0: [arc(0.5, 0.8, 0.45, 0.78, -0.25, 0.78)],
    1: [[(0.2, 0.35), (0.55, 0.0), (0.5, 1.6)]],
    2: [[*arc(0.5, 0.42, 0.45, 0.42, 0.5, 1.08), (0.05, 1.55), (1.0, 1.5)]],
    3: [arc(0.42, 0.4, 0.45, 0.4, 0.58, 1.22) + arc(0.42, 1.18, 0.5, 0.42, -0.22, 0.42)],
    4: [[(0.6, 0.0), (0.02, 0.95), (1.0, 0.9)], [(0.72, 0.5), (0.66, 1.6)]],
    5: [[(0.95, 0.02), (0.2, 0.05), (0.15, 0.7), *arc(0.45, 1.08, 0.48, 0.48, -0.33, 0.4)]],
    6: [[(0.75, 0.0), (0.25, 0.6), *arc(0.48, 1.15, 0.4, 0.43, 0.5, 1.52)]],
    7: [[(0.0, 0.08), (0.98, 0.0), (0.4, 1.6)]],
    8: [arc(0.5, 0.38, 0.36, 0.38, 0.25, 1.25) + arc(0.5, 1.18, 0.43, 0.42, -0.25, 0.75)],
    9: [[*arc(0.48, 0.42, 0.4, 0.4, 0.0, 1.0), (0.86, 0.5), (0.78, 1.6)]],
}
# Side of the sheet, height of the digit, place, pen's width, slant; ink and paper.
HANDS = [
    (400, 300, (0.5, 0.5), 8, 0.0, "black", "white"),
    (1000, 500, (0.3, 0.4), 10, 0.15, (20, 30, 120), (250, 248, 235)),
    (256, 200, (0.5, 0.5), 22, 0.0, "white", "black"),
    (800, 260, (0.7, 0.65), 5, -0.1, "black", "white"),
    (120, 100, (0.5, 0.5), 7, 0.1, (60, 60, 60), (230, 230, 230)),
    (640, 600, (0.5, 0.5), 60, 0.0, "red", "white"),
    (500, 200, (0.2, 0.3), 3, 0.2, "black", (255, 255, 200)),
    (300, 220, (0.6, 0.5), 18, -0.15, "yellow", (0, 60, 0)),
    (1600, 900, (0.5, 0.45), 30, 0.05, "black", "white"),
    (90, 60, (0.4, 0.6), 4, 0.0, "blue", "white"),
]


def draw_digits(folder: Path, shift: int = 0) -> Iterator[tuple[int, Path]]:
    """Draw each digit with its hand, or with the hand `shift` places on; yield digit and file."""
    for digit, strokes in STROKES.items():
        side, height, (x, y), pen, slant, ink, paper = HANDS[(digit + shift) % len(HANDS)]
        sheet = Image.new("RGB", (side, side), paper)
        brush, scale = ImageDraw.Draw(sheet), height / 1.6
        for stroke in strokes:
            points = [
                (
                    x * side + scale * (a - 0.5 - slant * (b - 0.8)),
                    y * side + scale * (b - 0.8),
                )
                for a, b in stroke
            ]
            brush.line(points, fill=ink, width=pen, joint="curve")
            for a, b in (points[0], points[-1]):
                brush.ellipse((a - pen / 2, b - pen / 2, a + pen / 2, b + pen / 2), fill=ink)
        path = folder / f"{digit}-{shift}.png"
        sheet.save(path)
        yield digit, path
