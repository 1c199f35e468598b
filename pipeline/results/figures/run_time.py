"""Where a run's time goes: phases of the baseline and of each component added to it."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from pipeline.results.figures.intervals import interval
from pipeline.results.figures.kind import kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.rows import note_end, without_row_lines
from pipeline.results.figures.style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    SKY,
    broken,
    key_below,
    one_axes,
)
from pipeline.results.figures.svg import hover
from pipeline.results.text.rounding import seconds
from pipeline.results.text.words import ranged

PHASES = {
    "data_s": ("data, augmentation", SKY),
    "forward_s": ("forward", BLUE),
    "backward_s": ("backward", ORANGE),
    "update_s": ("update", GREEN),
    "evaluation_s": ("evaluation", PURPLE),
    "other_s": ("other", MUTED),
}


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
        bars = axes.barh(names, width, left=left, color=ink, height=0.55, edgecolor=PAPER, lw=0.7)
        for bar, part in zip(bars, width, strict=True):
            hover(bar, [f"{name}: {seconds(part)}"])
        left += width
    reach = left.max()
    for y, (cell, total) in enumerate(zip(means.index, left, strict=True)):
        sums = ok.loc[ok["cell"] == cell, list(PHASES)].sum(axis=1).to_numpy()
        _, low, high = interval(sums[:, None], alpha=m.alpha)
        axes.plot([low[0], high[0]], [y, y], color=INK, lw=1.6, zorder=4)
        end = float(np.nanmax([total, high[0]]))
        reach = max(reach, end)
        note_end(axes, end, y, seconds(total), gap=5)
    axes.set_xlim(0, 1.3 * reach)
    axes.invert_yaxis()
    without_row_lines(axes)
    axes.set_xlabel("wall seconds per run", loc="right")
    key_below(axes, [Patch(color=ink, label=name) for name, ink in PHASES.values()])
    shared = "; runs shared cores, so times include waiting" * bool(ok["shared_cores"].max())
    n = ok["cell"].value_counts()
    line = f"line: {100 * (1 - m.alpha):g} % interval of the sum" if n.max() > 1 else "no interval"
    return f"means of n = {ranged(n, 'run')} per cell; {line} (Student's t){shared}"
