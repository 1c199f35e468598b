"""The tables that Markdown, LaTeX and the page show, each declared once.

Captions name the level of intervals, the family of a correction, and the margins.
"""

from __future__ import annotations

from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import Tables
from pipeline.results.tables.column import Shown
from pipeline.results.tables.comparison_table import comparison_columns, in_order
from pipeline.results.tables.statistics import shares_columns, statistics_columns
from pipeline.results.tables.with_without_table import (
    judged,
    secondary_columns,
    with_without_columns,
)
from pipeline.results.text.titles import dataset_title


def shown_tables(results: StudyResults, tables: Tables) -> dict[str, Shown]:
    """Return `cells`, `sides`, `secondary`, `statistics` and `shares` of all datasets."""
    study, measure, effects = results.study, results.measure, tables["effects"]
    level, margin = f"{100 * (1 - study.alpha):g} %", f"margins ({margins(results)})"
    # With K looks each interval covers 1 − α/K, and that of equivalence 1 − 2α/K.
    looked = any(len(counts) > 1 for counts in study.looks.values())
    together = " (at all looks together)" * looked
    level += together
    family = f"all {effects['family_size'].iloc[0]}" if len(effects) else "the"
    cells = Shown(
        "cells",
        "Every cell beside the baseline",
        f"Study {study.name}: every cell against the baseline of its dataset. Values are means "
        f"with {level} intervals (Student's t over replicates), differences are paired inside "
        "blocks, p is adjusted after Holm over the cells of a dataset, equivalence is judged "
        f"against {margin}. P(better) is the probability that the cell beats the baseline in a "
        "block; the rank is the mean over blocks, 1 the best. ° A description, not corrected for "
        "many comparisons. Cost per step was measured apart for single components; ≈ marks the sum "
        "of what they add. Time to target is counted in epochs and put on the clock by the "
        "measured step cost.",
        comparison_columns(results),
        in_order(tables["cells"], sign=measure.response.sign),
    )
    sides = Shown(
        "sides",
        "With and without each component",
        f"Study {study.name}: both sides average the same cells, which differ in this component "
        f"alone. Differences are paired inside blocks, with {level} intervals (Student's t over "
        "all whole blocks); a verdict given at an earlier look is kept; verdicts follow p adjusted "
        f"after Holm over {family} component effects of the study, and equivalence {margin}. CPU "
        "times are those of one run; the time per run is a mean of paired ratios, with its "
        "interval; cost per step was measured apart, the component alone against the baseline; † "
        "marks a measurement that other programs disturbed.",
        with_without_columns(measure),
        judged(tables["with_without"], effects),
    )
    secondary = Shown(
        "secondary",
        "By other measures",
        f"The same cells and blocks by the study's other measures, with {level} intervals "
        "(Student's t over replicates). ° A description, not corrected for many comparisons: "
        f"verdicts rest on {measure.title} alone.",
        secondary_columns(results),
        tables["secondary"],
    )
    statistics = Shown(
        "statistics",
        "The statistics behind each verdict",
        f"The effect with its {level} interval (Student's t over n replicates), then the interval "
        "for other test examples as well: the crossed bootstrap where they are common to all "
        "replicates, Nadeau and Bengio's where every replicate draws its own. p is that of "
        f"Student's t, adjusted after Holm over {family} component effects of the study, and so is "
        "the p of equivalence; a verdict of equivalence rests on the "
        f"{100 * (1 - 2 * study.alpha):g} %{together} interval lying inside the margin "
        f"({margins(results)}). sign-flip p is exact; P(better) is the probability that a run with "
        "the component beats its partner without it; d_z is the effect over its standard deviation "
        "between replicates. ° A description, not corrected for many comparisons.",
        statistics_columns(measure),
        effects,
    )
    shares = Shown(
        "shares",
        "Alone, on top of the others, and in all",
        "° A description, not corrected for many comparisons. Added alone: the baseline with this "
        "component against the baseline. On top of all others: the full recipe against the full "
        "recipe without it. A component that gains much alone and little on top is redundant with "
        "the others. The Shapley share averages its gain over all orders of adding components; the "
        "shares of the full recipe's components sum to full − base. The share of variance is that "
        "of the whole component between runs, without an interval.",
        shares_columns(measure),
        effects,
    )
    return {table.name: table for table in (cells, sides, secondary, statistics, shares)}


def margins(results: StudyResults) -> str:
    """Return the equivalence margin of each dataset in words."""
    study, step = results.study, results.measure.step
    return ", ".join(
        f"{dataset_title(name)} ±{study.margin(name):g}{step}" for name in study.datasets
    )
