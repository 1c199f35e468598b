"""What each component does: one row per dataset × component × level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.comparison import PP, Comparison, compare, judge, margin_of
from experiments.analysis.contrasts import BlockContrast, contrast, main_effect_units
from experiments.analysis.crossed import Correctness, crossed_intervals, image_contrasts
from experiments.analysis.grid import BlockGrid, block_grids
from experiments.analysis.paired import paired_t
from experiments.analysis.removal import add_one_in_unit, leave_one_out_unit
from experiments.analysis.shapley import shapley_unit
from experiments.analysis.variance import grid_shares
from experiments.design.factors import Factor

FAMILY = "component effects of the study, all datasets"
_SHARES = (
    ("leave_one_out", leave_one_out_unit, "no leave-one-out: the design lacks its two cells"),
    ("add_one_in", add_one_in_unit, "no add-one-in: the design lacks its two cells"),
    ("shapley", shapley_unit, "no Shapley share: the design lacks some of the 2^k cells"),
)


@dataclass(frozen=True)
class ComponentLevel:
    """A factor's non-null level in one dataset, with its main effect per block."""

    grid: BlockGrid
    factor: int
    level: int
    effect: BlockContrast

    @property
    def names(self) -> dict[str, str]:
        """The columns that identify the row."""
        factor = self.grid.factors[self.factor]
        return {
            "dataset": self.grid.dataset,
            "component": factor.name,
            "level": factor.labels[self.level],
            "null_level": factor.null,
        }


def component_levels(grid: BlockGrid, response: str) -> Iterator[ComponentLevel]:
    """Yield every non-null level that some run of the dataset has, in the factors' order."""
    values = grid.response(response)
    for index in range(len(grid.factors)):
        for level in sorted(set(grid.codes[:, index].tolist()) - {0}):
            effect = contrast(grid, values, main_effect_units(grid, index, level))
            yield ComponentLevel(grid, index, level, effect)


def component_effects(
    runs: pd.DataFrame,
    factors: Sequence[Factor],
    *,
    margins: Mapping[str, float],
    rng: np.random.Generator,
    response: str = "test_accuracy",
    alpha: float = 0.05,
    correctness: Correctness | None = None,
) -> pd.DataFrame:
    """Answer what each component does to accuracy and to the time of a run.

    The main effect of a level is, per block, the mean over all pairs of cells that differ only
    in this factor of (response with the level − response with the null level); block values
    enter Student's t, so that n counts replicates and not runs.

    Parameters
    ----------
    runs : DataFrame
        The run table. Placebo arms are left out here.
    factors : sequence of Factor
        The study's factors.
    margins : mapping
        Equivalence margin in percentage points per dataset.
    rng : numpy.random.Generator
        For the crossed bootstrap and for sign flips beyond 12 blocks.
    response : str
        Column of a response in [0, 1] of which more is better.
    alpha : float
        Level of tests; intervals cover 1 − alpha.
    correctness : mapping, optional
        run_key → which test images the run got right; see `crossed.correctness`.

    Returns
    -------
    DataFrame
        `COLUMNS`, differences in percentage points. What the design or the runs cannot
        support is NaN and named in `notes`. `p_adjusted` is Holm's over `family`, all rows.

    Raises
    ------
    ValueError
        If a dataset has no margin or the run table is not one study's.
    """
    frames: list[pd.DataFrame] = []
    comparisons: list[Comparison] = []
    for grid in block_grids(runs, factors):
        items = list(component_levels(grid, response))
        margin = margin_of(margins, grid.dataset)
        done = [compare(i.effect, margin=margin, rng=rng, confidence=1 - alpha) for i in items]
        rows = [_row(i, made, response, 1 - alpha) for i, made in zip(items, done, strict=True)]
        frame = _with_variance(pd.DataFrame(rows), grid, response)
        frames.append(_with_crossed(frame, items, correctness, rng, 1 - alpha))
        comparisons += done
    if not comparisons:
        return pd.DataFrame(columns=list(COLUMNS))
    table = judge(pd.concat(frames, ignore_index=True), comparisons, family=FAMILY, alpha=alpha)
    return table.assign(notes=["; ".join(notes) for notes in table["notes"]])[list(COLUMNS)]


def _row(
    item: ComponentLevel, made: Comparison, response: str, confidence: float
) -> dict[str, Any]:
    effect, grid = item.effect, item.grid
    row: dict[str, Any] = {**item.names, **made.row, "notes": _left_out(effect)}
    row |= {"n_replicates": len(grid.replicates), "n_cells": effect.n_cells}
    row |= {"n_pairs": effect.units.shape[1], "n_pairs_planned": effect.n_units_planned}
    for name, unit_of, reason in _SHARES:
        units = unit_of(grid, item.factor, item.level)
        share = contrast(grid, grid.response(response), units)
        estimate = paired_t(share.per_block * PP, confidence=confidence)
        row[f"{name}_pp"] = estimate.mean
        row[f"{name}_ci_low_pp"], row[f"{name}_ci_high_pp"] = estimate.ci_low, estimate.ci_high
        if not len(units):
            row["notes"].append(reason)
        elif not estimate.n:
            row["notes"].append(f"no {name.replace('_', '-')}: no block has all its runs")
    return row | _time_ratio(item, confidence)


def _left_out(effect: BlockContrast) -> list[str]:
    if not effect.n_units_planned:
        return ["no effect: the design has no two cells that differ in this component only"]
    lost = effect.n_units_planned - effect.units.shape[1]
    return [f"{lost} of {effect.n_units_planned} pairs of cells left out for lost runs"] * (
        lost > 0
    )


def _time_ratio(item: ComponentLevel, confidence: float) -> dict[str, float]:
    """Ratio of a run's CPU seconds with and without: exp of the mean paired log-ratio."""
    grid = item.grid
    if "fit_cpu_s" not in grid.runs:
        return dict.fromkeys(("time_ratio", "time_ratio_low", "time_ratio_high"), np.nan)
    seconds = grid.response("fit_cpu_s")
    logs = np.log(np.where(seconds > 0, seconds, np.nan))
    units = main_effect_units(grid, item.factor, item.level)
    ratio = paired_t(contrast(grid, logs, units).per_block, confidence=confidence)
    low, high = np.exp(ratio.ci_low), np.exp(ratio.ci_high)
    return {"time_ratio": np.exp(ratio.mean), "time_ratio_low": low, "time_ratio_high": high}


def _with_variance(frame: pd.DataFrame, grid: BlockGrid, response: str) -> pd.DataFrame:
    shares = grid_shares(grid, response)
    frame["variance_share"] = frame["component"].map(shares.set_index("term")["share"])
    for notes in frame["notes"]:
        notes += [f"no variance share: {reason}" for reason in shares["reason"].unique() if reason]
    return frame


def _with_crossed(
    frame: pd.DataFrame,
    items: list[ComponentLevel],
    correct: Correctness | None,
    rng: np.random.Generator,
    confidence: float,
) -> pd.DataFrame:
    low_high = np.full((len(items), 2), np.nan)
    if correct and items:
        found = image_contrasts(items[0].grid, [item.effect for item in items], correct)
        known = [index for index, value in enumerate(found) if value is not None]
        arrays: list[NDArray[np.float32]] = [value for value in found if value is not None]
        low_high[known] = PP * crossed_intervals(arrays, rng=rng, confidence=confidence)
    for notes, (low, _) in zip(frame["notes"], low_high, strict=True):
        if np.isnan(low):
            notes.append("no crossed interval: it needs replicates tested on the same images")
    return frame.assign(crossed_ci_low_pp=low_high[:, 0], crossed_ci_high_pp=low_high[:, 1])


COLUMNS = (
    *("dataset", "component", "level", "null_level", "n", "n_replicates", "n_cells"),
    *("n_pairs", "n_pairs_planned", "n_missing", "n_diverged"),
    *("effect_pp", "ci_low_pp", "ci_high_pp", "crossed_ci_low_pp", "crossed_ci_high_pp"),
    *("p", "p_adjusted", "family", "family_size", "alpha", "sign_flip_p", "smallest_p"),
    *("d_z", "d_z_low", "d_z_high"),
    *("p_better", "p_better_low", "p_better_high", "margin_pp", "p_equivalence"),
    *("leave_one_out_pp", "leave_one_out_ci_low_pp", "leave_one_out_ci_high_pp"),
    *("add_one_in_pp", "add_one_in_ci_low_pp", "add_one_in_ci_high_pp"),
    *("shapley_pp", "shapley_ci_low_pp", "shapley_ci_high_pp", "variance_share"),
    *("time_ratio", "time_ratio_low", "time_ratio_high"),
    *("verdict", "verdict_reason", "notes"),
)
