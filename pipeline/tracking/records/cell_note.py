"""The Markdown note on a cell's page: what it is, how it did, where its runs are."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import signed
from pipeline.tracking.records.metrics import metric_key

Pair = tuple[RunSpec, RunResult]
# Ends of the metrics' names: estimate, lower and upper end of its interval.
_MEAN, _DIFFERENCE = ("", "_low", "_high"), ("", "low_", "high_")


def cell_note(
    pairs: Sequence[Pair],
    row: Mapping[str, Any],
    scalars: Mapping[str, float],
    *,
    measure: Measure,
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
    measure : Measure
        What the study judges by.
    runs_link : str
        Address of its runs in the UI.
    """
    spec = pairs[0][0]
    levels = ", ".join(f"{name} **{level}**" for name, level in spec.levels.items())
    mean = measure.head(measure.title)
    difference = measure.head("difference to baseline", difference=True)
    runs = f"{len(pairs)} run{'' if len(pairs) == 1 else 's'}"
    lines = [
        # The UI shows two lines and folds the rest away: the answer goes first.
        _answer(row, scalars, measure),
        "",
        f"**{spec.cell}** on {spec.dataset}: {levels}. [Its {runs}]({runs_link}).",
        "",
        _row("measure", "mean", "interval"),
        "|---|---|---|",
        *_measure(mean, scalars, f"{metric_key(measure.column)}{{}}", _MEAN, measure.value),
        *_measure(difference, scalars, "diff/{}pp", _DIFFERENCE, _signed(measure)),
        "",
        "Replicates:",
        "",
        _row("replicate", "status", mean, "best epoch", "fit, s"),
        "|---|---|---|---|---|",
        *(_replicate(own, result, measure) for own, result in pairs),
    ]
    return "\n".join(lines)


def _signed(measure: Measure) -> Callable[[float], str]:
    return lambda value: signed(value, measure.response.decimals)


def _answer(row: Mapping[str, Any], scalars: Mapping[str, float], measure: Measure) -> str:
    """Return the response, its difference to the baseline and the verdict in one line."""
    value, gain = scalars.get(str(metric_key(measure.column))), scalars.get("diff/pp")
    verdict, reason = row.get("verdict"), row.get("verdict_reason")
    parts = []
    if value is not None:
        parts.append(f"{measure.value(value)}{measure.unit} {measure.title}")
    if verdict == "baseline":
        parts.append("the **baseline**")
    elif verdict:
        shown = "" if gain is None else f"{_signed(measure)(gain)}{measure.step}"
        amount = f"{shown} against the baseline: " if shown else ""
        parts.append(f"{amount}**{verdict}**{f' ({reason})' if reason else ''}")
    return ("; ".join(parts) or "No replicate finished") + "."


def _measure(
    title: str,
    scalars: Mapping[str, float],
    key: str,
    parts: tuple[str, str, str],
    text: Callable[[float], str],
) -> list[str]:
    """One row of the table, none when the measure is not known."""
    mean, low, high = (scalars.get(key.format(part)) for part in parts)
    if mean is None:
        return []
    interval = "–" if low is None or high is None else f"{text(low)} to {text(high)}"
    return [_row(title, text(mean), interval)]


def _replicate(spec: RunSpec, result: RunResult, measure: Measure) -> str:
    value, epoch, seconds = (
        result.metrics.get(name, math.nan) for name in (measure.column, "best_epoch", "fit_wall_s")
    )
    return _row(
        str(spec.replicate),
        result.status,
        measure.value(value),
        f"{epoch:.0f}" if math.isfinite(epoch) else "–",
        f"{seconds:.1f}" if math.isfinite(seconds) else "–",
    )


def _row(*cells: str) -> str:
    """One row of a table; the UI draws columns without any space between them."""
    return "|" + "|".join(f" {cell}\u00a0\u00a0\u00a0 " for cell in cells) + "|"
