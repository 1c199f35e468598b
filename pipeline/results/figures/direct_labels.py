"""Labels beside the ends of lines instead of a legend."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from pipeline.results.figures.style import FAINT


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Move positions apart until neighbours are at least `gap` from each other.

    Clusters stay centred on the mean of their members, the order is kept.

    Parameters
    ----------
    positions : sequence of float
        Wanted positions, in any order.
    gap : float
        Least distance between neighbours, in the same unit.

    Returns
    -------
    list of float
        New positions, in the order of `positions`.

    Examples
    --------
    >>> spread([1.0, 1.0, 5.0], 1.0)
    [0.5, 1.5, 5.0]
    """
    order = np.argsort(positions, kind="stable")
    clusters: list[list[float]] = []
    for index in order:
        clusters.append([float(positions[index])])
        while len(clusters) > 1 and _overlap(clusters[-2], clusters[-1], gap):
            last = clusters.pop()
            clusters[-1] += last
    moved = np.empty(len(order))
    moved[order] = [place for cluster in clusters for place in _places(cluster, gap)]
    return [float(place) for place in moved]


def _places(cluster: list[float], gap: float) -> list[float]:
    centre, last = sum(cluster) / len(cluster), len(cluster) - 1
    return [centre + (i - last / 2) * gap for i in range(len(cluster))]


def _overlap(below: list[float], above: list[float], gap: float) -> bool:
    return _places(above, gap)[0] - _places(below, gap)[-1] < gap


def _below(positions: list[float], top: float, gap: float) -> list[float]:
    """Push positions down so that none is above `top` and neighbours keep their gap."""
    moved, ceiling = list(positions), top
    for index in np.argsort(positions, kind="stable")[::-1]:
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - gap
    return moved


def label_ends(
    axes: Axes,
    ends: Sequence[tuple[float, float, str, str]],
    *,
    size: float = 8.5,
) -> None:
    """Write each line's name to the right of its end, moved apart, tied by a thin leader.

    Parameters
    ----------
    axes : Axes
        Where the lines are; its limits and scale must be final.
    ends : sequence of (x, y, text, colour)
        End of each line in data coordinates.
    size : float
        Font size in points.
    """
    if not ends:
        return
    height = axes.get_position().height * axes.figure.get_figheight() * 72  # type: ignore[union-attr]
    to_axes = axes.transData + axes.transAxes.inverted()
    at = to_axes.transform([(x, y) for x, y, _, _ in ends])
    gap = 1.25 * size / height
    places = _below(spread([float(np.clip(y, 0, 1)) for _, y in at], gap), 1.0, gap)
    for (_, _, text, colour), (x, y), place in zip(ends, at, places, strict=True):
        axes.annotate(
            text,
            (float(x), float(np.clip(y, 0, 1))),
            xytext=(1.04, place),
            xycoords="axes fraction",
            textcoords="axes fraction",
            color=colour,
            fontsize=size,
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": FAINT, "lw": 0.7, "shrinkA": 1, "shrinkB": 2},
        )
