"""What each component does, a row each: to the response, to the time to target, to a step."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline.results.figures.material import Material, kind
from pipeline.results.figures.rows import note_row, row_axes
from pipeline.results.figures.style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    PAPER,
    SKY,
    VERDICTS,
    VERMILLION,
)
from pipeline.results.figures.svg import hover
from pipeline.results.tables.costs import step_rows
from pipeline.results.text.estimates import EFFECT, Row, numbers_of
from pipeline.results.text.rounding import difference, ratio, seconds
from pipeline.results.text.words import ranged

_ENDS = ["ci_low_pp", "ci_high_pp", "images_ci_low_pp", "images_ci_high_pp"]
_COSTS = {"component": BLUE, "together": SKY, "control": MUTED}


@kind(
    "What each component does",
    "Each row is a component's main effect: the mean difference between cells that differ in it "
    "alone, paired inside replicates.",
    "cells",
)
def effect_forest(figure: Figure, m: Material) -> str | None:
    """Draw main effects in the unit of the response, one row per component.

    The thick line is the interval over replicates, the thin line the crossed interval over
    replicates and test images, the band the equivalence margin; hollow marks are inconclusive.
    """
    effects, measure = m.of("effects"), m.measure
    rows = effects[effects["effect_pp"].notna()]
    if rows.empty:
        return None
    better = "right" if measure.response.sign > 0 else "left"
    on = measure.head(f"effect on {measure.title}", difference=True)
    axes = row_axes(figure, rows["title"].tolist(), f"{on}; {better} of 0 = better")
    margin = float(rows["margin_pp"].iloc[0])
    axes.axvspan(-margin, margin, color=GREEN, alpha=0.12, lw=0)
    axes.axvline(0, color=MUTED, lw=1)
    for y, row in enumerate(rows.to_dict("records")):
        ink, marker = VERDICTS[row["verdict"]]
        hollow, text = row["verdict"] == "inconclusive", difference(*numbers_of(row, EFFECT))
        axes.plot([row["images_ci_low_pp"], row["images_ci_high_pp"]], [y, y], color=ink, lw=1)
        axes.plot([row["ci_low_pp"], row["ci_high_pp"]], [y, y], color=ink, lw=3.6)
        face = PAPER if hollow else ink
        (mark,) = axes.plot(row["effect_pp"], y, marker, ms=8, mfc=face, mec=ink, mew=1.6)
        hover(mark, [f"{row['title']}: {text}{measure.step}, {row['verdict']}, n = {row['n']}"])
        note_row(axes, y, text)
        axes.annotate(
            row["verdict"], (1, y), xytext=(-3, 9), xycoords=("axes fraction", "data"),
            textcoords="offset points", ha="right", va="center", color=ink, zorder=5,
            fontweight="normal" if hollow else "bold",
        )  # fmt: skip
    _cut(axes, rows, margin)
    crossed = rows["images_ci_low_pp"].notna().any()
    level = f"{100 * (1 - (rows['alpha'] / rows['n_looks']).min()):.4g} %"
    n = "–".join(map(str, dict.fromkeys((rows["n"].min(), rows["n"].max()))))
    return (
        f"n = {n} paired replicate{'s' * (n != '1')}; thick: {level} interval (Student's t)"
        + "; thin: with test-image sampling" * bool(crossed)
        + f"\nband: equivalence margin ±{margin:g}{measure.step}; hollow: inconclusive"
    )


def _cut(axes: Axes, rows: pd.DataFrame, margin: float) -> None:
    """Cut intervals at 2.5 × the largest effect, where an arrow says that they continue.

    One wide interval must not squeeze the others to dots.
    """
    edges = rows[_ENDS].to_numpy(float)
    effects = rows["effect_pp"].to_numpy(float)
    reach = 2.5 * float(np.max(np.abs([*effects, margin])))
    inside = np.clip(edges[np.isfinite(edges)], -reach, reach)
    values = np.concatenate([inside, effects, [-1.3 * margin, 1.3 * margin]])
    pad = 0.05 * float(np.ptp(values))
    axes.set_xlim(values.min() - pad, values.max() + pad)
    for y, (low, high, *_) in enumerate(edges):
        if low < -reach:
            axes.plot(-reach, y, "<", ms=6, color=INK, clip_on=False)
        if high > reach:
            axes.plot(reach, y, ">", ms=6, color=INK, clip_on=False)


@kind(
    "Time to target with and without each component",
    "Left of zero the target is reached sooner. A run that never reaches it counts with the whole "
    "time that runs were followed, in this figure alone.",
    "cells",
)
def component_times(figure: Figure, m: Material) -> str | None:
    """Draw how much sooner or later the target is reached with each component.

    Above each row stand the Kaplan–Meier medians without and with the component.
    """
    rows = m.of("component_times")
    if rows["difference_s"].isna().all():
        return None
    label = "difference in mean time to target (s); left = sooner"
    axes = row_axes(figure, rows["title"].tolist(), label)
    axes.axvline(0, color=MUTED, lw=1)
    for y, row in enumerate(rows.to_dict("records")):
        axes.plot([row["ci_low_s"], row["ci_high_s"]], [y, y], color=BLUE, lw=3.6)
        (mark,) = axes.plot(row["difference_s"], y, "o", ms=8, mfc=BLUE, mec=BLUE)
        hover(mark, [f"{row['title']}: {row['difference_s']:+.3g} s"])
        note_row(axes, y, f"{_median(row, 'without')} → {_median(row, 'with')}")
    first = rows.iloc[0]
    return (
        f"n = {ranged(rows['n_blocks'].astype(int), 'paired replicate')}; line: "
        f"{100 * (1 - m.alpha):g} % interval; target: {100 * first['target']:.2f} % validation "
        f"accuracy; a miss counts as {first['horizon_s']:.3g} s here\n"
        "in words: median without → with (share of runs that reached it); "
        "seconds of training by measured step cost"
    )


def _median(row: Row, side: str) -> str:
    n, reached = int(row[f"n_{side}"]), int(row[f"n_reached_{side}"])
    share = f"{100 * reached / n:.0f} %" if n else "–"
    return f"{seconds(row[f'median_s_{side}'])} ({share})"


@kind(
    "Cost per step",
    "Timed separately from the study: one process at a time, with and without interleaved.",
    "timing",
)
def step_cost(figure: Figure, m: Material) -> str | None:
    """Draw the ratio of a step's time with and without each component, from 1.

    The diamond on the bar of all components together is what they add one by one.
    """
    rows = step_rows(m.results, m.dataset)
    if rows.empty:
        return None
    axes = row_axes(figure, rows["title"].tolist(), "extra CPU time per training step (%)")
    everywhere = bool(rows["disturbed"].all())
    for y, row in enumerate(rows.to_dict("records")):
        extra, low, high, added = (
            100 * (row[name] - 1) for name in ("ratio", "ci_low", "ci_high", "sum_ratio")
        )
        (bar,) = axes.barh(y, extra, height=0.34, color=_COSTS[row["kind"]], alpha=0.85)
        axes.plot([low, high], [y, y], color=INK, lw=1.6)
        places = 3 if row["kind"] == "control" else 0
        text = ratio(row["ratio"], row["ci_low"], row["ci_high"], places=places)
        hover(bar, [f"{row['title']}: {text} per step, {row['us']:.0f} µs"])
        if row["disturbed"] and not everywhere:
            note_row(axes, y - 0.08, f"{text} disturbed", ink=VERMILLION)
        else:
            note_row(axes, y - 0.08, text)
        axes.plot(added, y, "D", ms=7, mfc=PAPER, mec=INK, mew=1.3, zorder=4)
    axes.axvline(0, color=INK, lw=1)
    off = 100 * (rows.loc[rows["kind"] == "control", "ratio"] - 1).abs().max()
    missed = f"does not cover 1.00 (1 in 20 does by chance): costs may be {off:.1f} % off"
    lines = [
        f"n = {int(rows['n_processes'].max())} fresh processes, one BLAS thread; line: "
        f"{100 * rows['confidence'].iloc[0]:g} % interval (Student's t over processes)",
        f"the A/A control {'covers 1.00, as it must' if rows['covers'].all() else missed}",
    ]
    if rows["sum_ratio"].notna().any():
        lines.append("diamond: the baseline plus what each component adds alone")
    if rows["disturbed"].any():
        which = "every row was disturbed" if everywhere else "disturbed"
        lines.append(f"{which}: wall time exceeded CPU time by more than 10 %")
    return "\n".join(lines)
