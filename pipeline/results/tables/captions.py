"""What the tables say about themselves: intervals, families of correction, margins."""

from __future__ import annotations

import pandas as pd

from pipeline.results.study_results import StudyResults
from pipeline.results.text.titles import dataset_title

SHARES_CAPTION = (
    "° A description, not corrected for many comparisons. Added alone: the baseline with this "
    "component against the baseline. On top of all others: the full recipe against the full recipe "
    "without it. A component that gains much alone and little on top is redundant with the others. "
    "The Shapley share averages its gain over all orders of adding components; the shares of the "
    "full recipe's components sum to full − base. The share of variance is that of the whole "
    "component between runs, without an interval."
)


def comparison_caption(results: StudyResults) -> str:
    """Say what the comparison of cells shows."""
    return (
        f"Study {results.study.name}: every cell against the baseline of its dataset. Values "
        f"are means with {_level(results)} intervals (Student's t over replicates), differences "
        "are paired inside blocks, p is adjusted after Holm over the cells of a dataset, "
        f"equivalence is judged against margins ({margins(results)}). P(better) is the probability "
        "that the cell beats the baseline in a block; the rank is the mean over blocks, 1 the "
        "best. ° A description, not corrected for many comparisons. Cost per step was measured "
        "apart for single components; ≈ marks the sum of what they add. Time to target is counted "
        "in epochs and put on the clock by the measured step cost."
    )


def with_without_caption(results: StudyResults, effects: pd.DataFrame) -> str:
    """Say what the table with and without each component shows."""
    return (
        f"Study {results.study.name}: both sides average the same cells, which differ in this "
        f"component alone. Differences are paired inside blocks, with {_level(results)} intervals "
        f"(Student's t over all whole blocks); a verdict given at an earlier look is kept; "
        f"verdicts follow p adjusted after Holm over "
        f"{_family(effects)} component effects of the study, and equivalence margins "
        f"({margins(results)}). CPU times are those of one run; the time per run is a mean of "
        "paired ratios, with its interval; cost per step was measured apart, the component alone "
        "against the baseline; † marks a measurement that other programs disturbed."
    )


def secondary_caption(results: StudyResults) -> str:
    """Say what the table of secondary responses shows."""
    return (
        f"The same cells and blocks by the study's other measures, with {_level(results)} "
        "intervals (Student's t over replicates). ° A description, not corrected for many "
        f"comparisons: verdicts rest on {results.measure.title} alone."
    )


def statistics_caption(results: StudyResults, effects: pd.DataFrame) -> str:
    """Say what each column of the statistics is."""
    alpha = results.study.alpha
    return (
        f"The effect with its {_level(results)} interval (Student's t over n replicates), then the "
        "interval for other test examples as well: the crossed bootstrap where they are common "
        "to all replicates, Nadeau and Bengio's where every replicate draws its own. p is that of "
        f"Student's t, adjusted after Holm over {_family(effects)} component effects of the study, "
        f"and so is the p of equivalence; a verdict of equivalence rests on the "
        f"{100 * (1 - 2 * alpha):g} % interval lying inside the margin ({margins(results)}). "
        "sign-flip p is exact; P(better) is the probability that a run with the component beats "
        "its partner without it; d_z is the effect over its standard deviation between replicates. "
        "° A description, not corrected for many comparisons."
    )


def margins(results: StudyResults) -> str:
    """Return the equivalence margin of each dataset in words."""
    study = results.study
    step = results.measure.step
    return ", ".join(
        f"{dataset_title(name)} ±{study.margin(name):g}{step}" for name in study.datasets
    )


def _level(results: StudyResults) -> str:
    """Return the level of the intervals; with K looks each covers 1 − α/K."""
    several = any(len(counts) > 1 for counts in results.study.looks.values())
    together = " (at all looks together)" if several else ""
    return f"{100 * (1 - results.study.alpha):g} %{together}"


def _family(effects: pd.DataFrame) -> str:
    return f"all {effects['family_size'].iloc[0]}" if len(effects) else "the"
