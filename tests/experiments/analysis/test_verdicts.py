"""The rule of the four verdicts."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.paired import paired_t
from experiments.analysis.verdicts import WORDS, Divergence, Verdict, decide

UP = paired_t(np.array([1.0, 1.1, 0.9, 1.0, 1.2]))
DOWN = paired_t(-np.array([1.0, 1.1, 0.9, 1.0, 1.2]))
FLAT = paired_t(np.array([1.0, -1.1, 0.9, -1.0, 0.3]))
NONE = Divergence(0.0, 0.0)


@pytest.mark.parametrize(
    ("estimate", "p_adjusted", "p_equivalence", "word"),
    [
        (UP, 0.01, 0.9, "helps"),
        (DOWN, 0.01, 0.9, "hurts"),
        (UP, 0.2, 0.9, "inconclusive"),
        (FLAT, 0.9, 0.9, "inconclusive"),
        (FLAT, 0.9, 0.01, "equivalent"),
        (UP, 0.01, 0.01, "equivalent"),  # real, and smaller than what matters
        (UP, np.nan, np.nan, "inconclusive"),
    ],
)
def test_rule(estimate, p_adjusted: float, p_equivalence: float, word: str) -> None:
    verdict = decide(estimate, p_adjusted=p_adjusted, p_equivalence=p_equivalence, divergence=NONE)

    assert verdict.word == word
    assert word in WORDS


@pytest.mark.parametrize(
    ("with_level", "without", "word"),
    [(0.6, 0.0, "hurts"), (0.5, 0.0, "helps"), (0.1, 0.9, "helps"), (0.8, 0.9, "inconclusive")],
)
def test_divergence_decides_where_it_is_the_rule(
    with_level: float, without: float, word: str
) -> None:
    divergence = Divergence(with_level, without)

    verdict = decide(UP, p_adjusted=0.01, p_equivalence=0.9, divergence=divergence)

    assert verdict.word == word


def _reason(d: list[float], p_adjusted: float = 1.0) -> str:
    estimate = paired_t(np.array(d))
    return decide(estimate, p_adjusted=p_adjusted, p_equivalence=1.0, divergence=NONE).reason


def test_inconclusive_says_what_lacks() -> None:
    assert _reason([]) == "0 complete blocks; two are needed"
    assert _reason([0.1]) == "1 complete block; two are needed"
    assert "same difference" in _reason([0.1, 0.1])
    assert "correction" in _reason([1.0, 1.1, 0.9], p_adjusted=0.3)
    assert _reason([1.0, -1.1]) == "neither a difference nor its absence is shown"


def test_a_verdict_is_a_word_and_a_reason() -> None:
    verdict = decide(UP, p_adjusted=0.01, p_equivalence=1.0, divergence=NONE)

    assert verdict == Verdict("helps", "adjusted p below alpha, interval above zero")
