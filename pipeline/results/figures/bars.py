"""Bars that add up: what makes runs differ, and where the time of a run goes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from pipeline.results.figures import style
from pipeline.results.figures.intervals import interval
from pipeline.results.figures.material import Material, kind
from pipeline.results.figures.rows import note_end, without_row_lines
from pipeline.results.figures.style import broken, key_below, one_axes
from pipeline.results.figures.svg import hover
from pipeline.results.text.rounding import seconds
from pipeline.results.text.titles import factor_title
from pipeline.results.text.words import counted, ranged

_TERMS = {"component": style.BLUE, "interaction": style.ORANGE, "seed": style.MUTED}
PHASES = {
    "data_s": ("data, augmentation", style.SKY),
    "forward_s": ("forward", style.BLUE),
    "backward_s": ("backward", style.ORANGE),
    "update_s": ("update", style.GREEN),
    "evaluation_s": ("evaluation", style.PURPLE),
    "other_s": ("other", style.MUTED),
}


@kind(
    "What makes runs differ",
    "A component with a small share may still help for certain; a large share of seed noise means "
    "that single runs mislead.",
    "cells",
)
def variance_shares(figure: Figure, m: Material) -> str | None:
    """Draw each term's share of the variance of the response; all shares sum to 100 %."""
    shares = m.of("variance")
    if shares["share"].isna().all():
        return None
    kinds = pd.Categorical(shares["kind"], categories=list(_TERMS), ordered=True)
    rows = shares.assign(kind=kinds).sort_values(
        ["kind", "share"], ascending=[False, True], kind="stable"
    )
    axes = one_axes(figure, 0.8 + 0.29 * len(rows))
    terms = [" × ".join(map(factor_title, term.split(" × "))) for term in rows["term"]]
    axes.barh(terms, rows["share"], color=[_TERMS[kind] for kind in rows["kind"]], height=0.62)
    for y, share in enumerate(rows["share"]):
        note_end(axes, share, y, f"{share:.1f} %")
    axes.set_xlim(0, 1.3 * rows["share"].max())
    without_row_lines(axes)
    axes.set_xlabel(f"share of the variance of {m.measure.title} (%)", loc="right")
    return (
        f"sums of squares (η²), n = {counted(int(rows['n'].max()), 'replicate')}, "
        "all shares sum to 100 %\n"
        "blue: components, orange: interactions, grey: chance (replicate: what all its cells share)"
    )


@kind(
    "Where a run's time goes",
    "The baseline, each component added to it alone, and the best cell.",
    "highlighted cells",
)
def run_time(figure: Figure, m: Material) -> str | None:
    """Draw mean seconds per phase, stacked, one bar per cell, with the interval of their sum."""
    ok = m.runs[(m.runs["status"] == "ok") & m.runs["cell"].isin(m.highlighted)]
    if ok["forward_s"].isna().all():
        return None
    groups = ok.groupby("cell")[list(PHASES)]
    means = groups.mean().reindex([cell for cell in m.highlighted if cell in groups.groups])
    names = [broken(cell.replace("+", " + "), 17) for cell in means.index]
    axes = one_axes(figure, 1.3 + 0.4 * len(means))
    left = np.zeros(len(means))
    for phase, (name, ink) in PHASES.items():
        width = means[phase].fillna(0).to_numpy()
        bars = axes.barh(
            names, width, left=left, color=ink, height=0.55, edgecolor=style.PAPER, lw=0.7
        )
        for bar, part in zip(bars, width, strict=True):
            hover(bar, [f"{name}: {seconds(part)}"])
        left += width
    ends = left.copy()
    for y, cell in enumerate(means.index):
        sums = ok.loc[ok["cell"] == cell, list(PHASES)].sum(axis=1).to_numpy()
        _, (low,), (high,) = interval(sums[:, None], alpha=m.alpha)
        axes.plot([low, high], [y, y], color=style.INK, lw=1.6, zorder=4)
        ends[y] = np.nanmax([left[y], high])
        note_end(axes, ends[y], y, seconds(left[y]), gap=5)
    axes.set_xlim(0, 1.3 * ends.max())
    axes.invert_yaxis()
    without_row_lines(axes)
    axes.set_xlabel("wall seconds per run", loc="right")
    key_below(axes, [Patch(color=ink, label=name) for name, ink in PHASES.values()])
    shared = "; runs shared cores, so times include waiting" * bool(ok["shared_cores"].max())
    n = ok["cell"].value_counts()
    line = f"line: {100 * (1 - m.alpha):g} % interval of the sum" if n.max() > 1 else "no interval"
    return f"means of n = {ranged(n, 'run')} per cell; {line} (Student's t){shared}"
