"""A family of comparisons: judged together, one row of figures each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.analysis.columns import Column, interval
from experiments.analysis.comparison import Comparison
from experiments.analysis.improvement import probability_of_improvement
from experiments.analysis.looks import Course, Standing, judge
from experiments.analysis.verdicts import reason
from experiments.design.study import Study


def judged(
    comparisons: Sequence[Comparison], study: Study, *, family: str, to_come: int = 0
) -> list[dict[str, Any]]:
    """Judge comparisons of a study as one family, of differences and of equivalences each.

    Returns
    -------
    list of dict
        `SCHEMA`, one per comparison.
    """
    courses = [item.course() for item in comparisons]
    standings = judge(courses, alpha=study.alpha, to_come=to_come)
    size = sum(s.p_adjusted == s.p_adjusted for s in standings) + to_come
    shared = {"family": family, "family_size": size, "alpha": study.alpha}
    return [
        _row(item, course, standing) | shared
        for item, course, standing in zip(comparisons, courses, standings, strict=True)
    ]


def _row(item: Comparison, course: Course, standing: Standing) -> dict[str, Any]:
    part, response = item.at(standing.look), item.outcome.response
    estimate = item.outcome.estimate(part, confidence=1 - item.alpha)
    inner = estimate.interval(1 - 2 * item.alpha)
    better = probability_of_improvement(response.sign * part.units, confidence=1 - item.alpha)
    now = course.reached[standing.look - 1] if standing.look else None
    return {
        "n": estimate.n,
        "n_replicates": part.n_blocks,
        "look": standing.look,
        "n_looks": item.n_looks,
        "response": item.outcome.column,
        "unit": response.difference_unit,
        "effect_pp": estimate.mean,
        "ci_low_pp": estimate.ci_low,
        "ci_high_pp": estimate.ci_high,
        "sd_pp": estimate.sd,
        "equivalence_ci_low_pp": inner[0],
        "equivalence_ci_high_pp": inner[1],
        "p": estimate.p,
        "p_adjusted": standing.p_adjusted,
        "d_z": estimate.d_z,
        "d_z_low": estimate.d_z_low,
        "d_z_high": estimate.d_z_high,
        "p_better": better.probability,
        "p_better_low": better.low,
        "p_better_high": better.high,
        "margin_pp": item.margin,
        "p_equivalence": now.q if now else np.nan,
        "p_equivalence_adjusted": standing.q_adjusted,
        "n_missing": part.n_missing,
        "n_diverged": part.n_diverged,
        "n_not_tuned": part.n_not_tuned,
        "n_diverged_with": part.divergence.n_with,
        "n_diverged_without": part.divergence.n_without,
        "divergence_p": part.divergence.p if part.divergence.any_alone else np.nan,
        "verdict": standing.word or "inconclusive",
        "verdict_reason": reason(standing, estimate, part, alpha=item.alpha)
        if item.parts
        else f"the first look needs {item.counts[0]} blocks; {part.n_blocks} are there",
        "open": not standing.word and part.n_units_planned > 0,
    }


SCHEMA = (
    Column("n", "", "complete blocks that enter"),
    Column("n_replicates", "", "blocks planned for this comparison up to its look"),
    Column("look", "", "look whose figures stand here, from 1; 0 before the first"),
    Column("n_looks", "", "looks planned, K; intervals cover 1 − alpha / K at each, p is times K"),
    Column("response", "", "column of the run table that is compared"),
    Column("unit", "", "unit of all columns that end in _pp"),
    *interval("effect_pp", "pp", "mean paired difference, with its t interval"),
    Column("sd_pp", "pp", "standard deviation of the difference over blocks"),
    Column("equivalence_ci_low_pp", "pp", "lower end of the 1 − 2 alpha / K interval of TOST"),
    Column("equivalence_ci_high_pp", "pp", "upper end of the 1 − 2 alpha / K interval of TOST"),
    Column("p", "", "two-sided p of Student's t at this look", description=True),
    Column("p_adjusted", "", "Holm's over the family, times looks: what helps and hurts rest on"),
    Column("family", "", "what was corrected together"),
    Column("family_size", "", "comparisons in the family"),
    Column("alpha", "", "level of the family"),
    Column("d_z", "", "mean difference over its standard deviation", description=True),
    Column("d_z_low", "", "lower end of its interval", description=True),
    Column("d_z_high", "", "upper end of its interval", description=True),
    Column("p_better", "", "probability that one run is better than its partner", description=True),
    Column("p_better_low", "", "lower end of its interval", description=True),
    Column("p_better_high", "", "upper end of its interval", description=True),
    Column("margin_pp", "pp", "equivalence margin"),
    Column("p_equivalence", "", "TOST's p at this look", description=True),
    Column("p_equivalence_adjusted", "", "Holm's over the family, times looks: equivalent"),
    Column("n_missing", "", "runs that failed or are absent"),
    Column("n_diverged", "", "runs that diverged"),
    Column("n_not_tuned", "", "runs not started: every trial of their arm diverged"),
    Column("n_diverged_with", "", "blocks in which only the side with it diverged"),
    Column("n_diverged_without", "", "blocks in which only the side without it diverged"),
    Column("divergence_p", "", "exact sign test on these blocks, not corrected", description=True),
    Column("verdict", "", "helps, hurts, equivalent, depends or inconclusive"),
    Column("verdict_reason", "", "why, in a clause"),
    Column("open", "", "whether further looks could decide it"),
)
