"""The Markdown note on a cell's page: what it is, how it did, where its runs are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.tracking.records.shown import Shown

Pair = tuple[RunSpec, RunResult]


def cell_note(
    pairs: Sequence[Pair],
    row: Mapping[str, Any],
    scalars: Mapping[str, float],
    *,
    response: str,
    runs_link: str,
) -> str:
    """Return the note of a cell as Markdown.

    Parameters
    ----------
    pairs : sequence of (RunSpec, RunResult)
        The cell's finished runs.
    row : mapping
        Its row of the comparison table; empty when there is none yet.
    scalars : mapping of str to float
        Its metrics.
    response : str
        Column of the run table that the study judges by.
    runs_link : str
        Address of its runs in the UI.
    """
    spec, shown = pairs[0][0], Shown.of(response)
    levels = ", ".join(f"{name} **{level}**" for name, level in spec.levels.items())
    mean, difference = f"{shown.title}{shown.in_unit}", f"difference to baseline, {shown.step}"
    runs = f"{len(pairs)} run{'' if len(pairs) == 1 else 's'}"
    lines = [
        # The UI shows two lines and folds the rest away: the answer goes first.
        _answer(row, scalars, shown),
        "",
        f"**{spec.cell}** on {spec.dataset}: {levels}. [Its {runs}]({runs_link}).",
        "",
        _row("measure", "mean", "interval"),
        "|---|---|---|",
        *_measure(mean, scalars, f"{shown.key}{{}}", ("", "_low", "_high"), shown),
        *_measure(difference, scalars, "diff/{}pp", ("", "low_", "high_"), None),
        "",
        "Replicates:",
        "",
        _row("replicate", "status", mean, "best epoch", "fit, s"),
        "|---|---|---|---|---|",
        *(_replicate(own, result, response, shown) for own, result in pairs),
    ]
    return "\n".join(lines)


def _answer(row: Mapping[str, Any], scalars: Mapping[str, float], shown: Shown) -> str:
    """Return the response, its difference to the baseline and the verdict in one line."""
    value, gain = scalars.get(shown.key), scalars.get("diff/pp")
    verdict, reason = row.get("verdict"), row.get("verdict_reason")
    parts = []
    if value is not None:
        parts.append(f"{shown.value(value)}{shown.unit} {shown.title}")
    if verdict == "baseline":
        parts.append("the **baseline**")
    elif verdict:
        amount = "" if gain is None else f"{gain:+.2f} {shown.step} against the baseline: "
        parts.append(f"{amount}**{verdict}**{f' ({reason})' if reason else ''}")
    return ("; ".join(parts) or "No replicate finished") + "."


def _measure(
    title: str,
    scalars: Mapping[str, float],
    key: str,
    parts: tuple[str, str, str],
    shown: Shown | None,
) -> list[str]:
    """One row of the table, none when the measure is not known."""
    mean, low, high = (scalars.get(key.format(part)) for part in parts)
    if mean is None:
        return []
    text = shown.value if shown else "{:.2f}".format
    interval = "–" if low is None or high is None else f"{text(low)} to {text(high)}"
    return [_row(title, text(mean), interval)]


def _replicate(spec: RunSpec, result: RunResult, response: str, shown: Shown) -> str:
    value, epoch, seconds = (
        result.metrics.get(name, math.nan) for name in (response, "best_epoch", "fit_wall_s")
    )
    return _row(
        str(spec.replicate),
        result.status,
        shown.value(value) if math.isfinite(value) else "–",
        f"{epoch:.0f}" if math.isfinite(epoch) else "–",
        f"{seconds:.1f}" if math.isfinite(seconds) else "–",
    )


def _row(*cells: str) -> str:
    """One row of a table; the UI draws columns without any space between them."""
    return "|" + "|".join(f" {cell}\u00a0\u00a0\u00a0 " for cell in cells) + "|"
