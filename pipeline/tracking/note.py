"""The Markdown note on a cell's page: what it is, how it did, where its runs are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.result import RunResult
from experiments.run_spec import RunSpec

Pair = tuple[RunSpec, RunResult]


def cell_note(
    pairs: Sequence[Pair], row: Mapping[str, Any], scalars: Mapping[str, float], where: str
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
    where : str
        Name of the experiment that holds its runs.
    """
    spec = pairs[0][0]
    levels = ", ".join(f"{name} **{level}**" for name, level in spec.levels.items())
    lines = [
        # The UI shows two lines and folds the rest away: the answer goes first.
        _answer(row, scalars),
        "",
        f"**{spec.cell}** on {spec.dataset}: {levels}.",
        "",
        _row("measure", "mean", "interval"),
        "|---|---|---|",
        *_measure("test accuracy, %", scalars, "test/accuracy{}", ("", "_low", "_high"), 100.0),
        *_measure("difference to baseline, pp", scalars, "diff/{}pp", ("", "low_", "high_"), 1.0),
        "",
        "Replicates:",
        "",
        _row("replicate", "status", "test accuracy, %", "best epoch", "fit, s"),
        "|---|---|---|---|---|",
        *(_replicate(own, result) for own, result in pairs),
        "",
        f"Its {len(pairs)} runs: experiment `{where}`, filter `params.cell = '{spec.cell}'`.",
    ]
    return "\n".join(lines)


def _answer(row: Mapping[str, Any], scalars: Mapping[str, float]) -> str:
    """Return accuracy, difference to the baseline and verdict in one line."""
    accuracy, gain = scalars.get("test/accuracy"), scalars.get("diff/pp")
    verdict, reason = row.get("verdict"), row.get("verdict_reason")
    parts = []
    if accuracy is not None:
        parts.append(f"{100 * accuracy:.2f} % test accuracy")
    if verdict == "baseline":
        parts.append("the **baseline**")
    elif verdict:
        amount = "" if gain is None else f"{gain:+.2f} pp against the baseline: "
        parts.append(f"{amount}**{verdict}**{f' ({reason})' if reason else ''}")
    return ("; ".join(parts) or "No replicate finished") + "."


def _measure(
    title: str, scalars: Mapping[str, float], key: str, parts: tuple[str, str, str], unit: float
) -> list[str]:
    """One row of the table, none when the measure is not known."""
    mean, low, high = (scalars.get(key.format(part)) for part in parts)
    if mean is None:
        return []
    interval = "–" if low is None or high is None else f"{low * unit:.2f} to {high * unit:.2f}"
    return [_row(title, f"{mean * unit:.2f}", interval)]


def _replicate(spec: RunSpec, result: RunResult) -> str:
    def shown(name: str, unit: float, form: str) -> str:
        value = result.metrics.get(name, math.nan)
        return format(value * unit, form) if math.isfinite(value) else "–"

    return _row(
        str(spec.replicate),
        result.status,
        shown("test_accuracy", 100, ".2f"),
        shown("best_epoch", 1, ".0f"),
        shown("fit_wall_s", 1, ".1f"),
    )


def _row(*cells: str) -> str:
    """One row of a table; the UI draws columns without any space between them."""
    return "|" + "|".join(f" {cell}\u00a0\u00a0\u00a0 " for cell in cells) + "|"
