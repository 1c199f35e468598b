"""Looks: judging open comparisons at numbers of blocks named before the study runs.

Bonferroni over looks, Holm over comparisons: P_k = min over looks j ≤ k of K · p_j is a valid
p-value whatever the reason to stop at look k, and Holm's procedure on valid p-values keeps the
error of the family whatever their dependence. Differences and equivalences are a family each. A
plain number of blocks is one look, K = 1.

References
----------
Maurer and Bretz (2013), "Multiple testing in group sequential trials using graphical approaches";
Ye et al. (2013), "A group sequential Holm procedure with multiple primary endpoints".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from experiments.analysis.evidence import Evidence
from experiments.analysis.multiplicity import holm


@dataclass(frozen=True)
class Course:
    """One comparison's evidence at the looks it has reached, of `n_looks` planned ones."""

    reached: Sequence[Evidence]
    n_looks: int = 1


@dataclass(frozen=True)
class Standing:
    """Where a comparison stands.

    Attributes
    ----------
    look : int
        The look whose figures count, from 1: the one that gave the verdict, or the last one
        reached; 0 before the first.
    p_adjusted, q_adjusted : float
        Holm's over the family, of P and Q at that look; NaN for no member.
    word : {"helps", "hurts", "equivalent", ""}
        The verdict, empty while the comparison is open.
    """

    look: int
    p_adjusted: float
    q_adjusted: float
    word: Literal["helps", "hurts", "equivalent", ""]


def judge(courses: Sequence[Course], *, alpha: float = 0.05, to_come: int = 0) -> list[Standing]:
    """Judge a family of comparisons look by look.

    At each look an open comparison is *equivalent* when Holm's adjusted Q is below alpha and the
    look's interval lies inside the margin, else *helps* or *hurts* when Holm's adjusted P is and
    the look's interval excludes zero. A verdict once given is kept, and the comparison stays in
    the family with the P and Q that gave it.

    Parameters
    ----------
    courses : sequence of Course
        The family. With a single look a comparison that says nothing (NaN) is no member; with
        several it is one, of p = 1, for a later look may speak.
    alpha : float
        Familywise level, of differences and of equivalences each.
    to_come : int
        Further members of which no run is there yet; they count with p = 1.

    Returns
    -------
    list of Standing
        One per course.
    """
    looks = [0] * len(courses)
    words: list[Literal["helps", "hurts", "equivalent", ""]] = [""] * len(courses)
    padding = [1.0] * to_come
    p = q = np.empty(0)
    for stage in range(1, max((len(c.reached) for c in courses), default=0) + 1):
        for i, course in enumerate(courses):
            if not words[i]:
                looks[i] = min(stage, len(course.reached))
        p = holm([*(_least(c, k, "p") for c, k in zip(courses, looks, strict=True)), *padding])
        q = holm([*(_least(c, k, "q") for c, k in zip(courses, looks, strict=True)), *padding])
        for i, course in enumerate(courses):
            if words[i] or not looks[i]:
                continue
            now = course.reached[looks[i] - 1]
            if q[i] < alpha and now.equivalent:
                words[i] = "equivalent"
            elif p[i] < alpha:
                words[i] = now.word
    if not p.size:
        p = q = np.full(len(courses), np.nan)
    return [
        Standing(look, float(p_i), float(q_i), word)
        for look, p_i, q_i, word in zip(looks, p[: len(looks)], q[: len(looks)], words, strict=True)
    ]


def _least(course: Course, look: int, name: Literal["p", "q"]) -> float:
    """Return K times the least p of the looks so far, at most 1."""
    values = [getattr(item, name) for item in course.reached[:look]]
    known = [value for value in values if value == value]
    if known:
        return min(1.0, course.n_looks * min(known))
    return float("nan") if course.n_looks == 1 else 1.0
