"""Looks: the rule of a study that stops when it knows, worked examples."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.divergence import Divergence
from experiments.analysis.evidence import Evidence, evidence
from experiments.analysis.looks import Course, Standing, judge
from experiments.analysis.multiplicity import holm
from experiments.design.replicates import look_counts

SAYS_NOTHING = Evidence(1.0, 1.0, "", False)


def _helps(p: float) -> Evidence:
    return Evidence(p, 1.0, "helps", False)


def _equivalent(q: float) -> Evidence:
    return Evidence(1.0, q, "", True)


def test_blocks_double_up_to_the_last_look() -> None:
    assert look_counts(5, 40) == (5, 10, 20, 40)
    assert look_counts(5, 12) == (5, 10, 12)
    for start, to in ((1, 5), (5, 4)):
        with pytest.raises(ValueError, match="replicates must go from"):
            look_counts(start, to)


def test_one_look_is_holm_at_alpha() -> None:
    p = [0.01, 0.04, 0.03, np.nan]
    found = judge([Course([_helps(value)]) for value in p])

    assert [s.p_adjusted for s in found] == pytest.approx(holm(p).tolist(), nan_ok=True)
    assert [s.word for s in found] == ["helps", "", "", ""]
    assert [s.look for s in found] == [1, 1, 1, 1]


def test_equivalences_are_a_family_too() -> None:
    found = judge([Course([_equivalent(0.03)]), Course([_equivalent(0.02)])])

    assert [s.word for s in found] == ["equivalent", "equivalent"]
    assert [s.q_adjusted for s in found] == pytest.approx([0.04, 0.04])
    assert judge([Course([_equivalent(0.03)])] * 2)[0].word == ""


def test_looks_cost_their_number() -> None:
    late = judge([Course([SAYS_NOTHING, _helps(0.012)], 4)])[0]

    assert late == Standing(2, pytest.approx(0.048), 1.0, "helps")
    assert judge([Course([SAYS_NOTHING, _helps(0.013)], 4)])[0].word == ""


def test_a_verdict_is_kept_and_stays_in_the_family() -> None:
    first = Course([_helps(0.001), Evidence(0.9, 0.001, "", True)], 2)
    second = Course([SAYS_NOTHING, _helps(0.02)], 2)

    found = judge([first, second])

    assert (found[0].word, found[0].look) == ("helps", 1)
    # Holm's second step needs 2 · 0.02 alone; the decided comparison took the first.
    assert (found[1].word, found[1].look) == ("helps", 2)
    assert found[1].p_adjusted == pytest.approx(0.04)


def test_the_look_itself_must_show_it() -> None:
    # The first look's p would do once the other comparison is out of the way, but by then the
    # interval holds zero.
    early = Course([_helps(0.015), Evidence(0.5, 1.0, "", False)], 2)
    other = Course([SAYS_NOTHING, _helps(0.0001)], 2)

    assert [s.word for s in judge([early, other])] == ["", "helps"]


def test_comparisons_to_come_count() -> None:
    assert judge([Course([_helps(0.02)])])[0].word == "helps"
    assert judge([Course([_helps(0.02)])], to_come=2)[0].p_adjusted == pytest.approx(0.06)


def test_a_comparison_that_says_nothing_yet_is_a_member() -> None:
    silent = Course([Evidence(np.nan, np.nan, "", False)], 2)

    found = judge([Course([_helps(0.01)], 2), silent])

    assert found[0].p_adjusted == pytest.approx(0.04)
    assert (found[1].p_adjusted, found[1].look) == (1.0, 1)


def test_before_the_first_look_nothing_is_said() -> None:
    assert judge([Course([], 4)])[0].look == 0
    assert judge([]) == []


UP = np.array([1.0, 1.1, 0.9, 1.0, 1.2])


def test_evidence_of_a_difference_and_its_direction() -> None:
    for sign, word in ((1, "helps"), (-1, "hurts")):
        found = evidence(UP, margin=0.5, level=0.05, sign=sign)
        assert (found.word, found.equivalent) == (word, False)
    assert evidence(UP, margin=2.0, level=0.05).equivalent


def test_ties_say_nothing_unless_the_runs_are_identical() -> None:
    tied = evidence(np.zeros(5), margin=0.5, level=0.05)
    same = evidence(np.zeros(5), margin=0.5, level=0.05, identical=True)

    assert np.isnan([tied.p, tied.q]).all()
    assert (tied.word, tied.equivalent) == ("", False)
    assert same == Evidence(1.0, 0.0, "", True)


def test_divergence_speaks_where_it_is_the_rule() -> None:
    lost = evidence(np.empty(0), margin=0.5, level=0.05, divergence=Divergence(8, 0, 0, 8))

    assert lost.word == "hurts"
    assert lost.p == pytest.approx(2 * 2**-7)
    one = evidence(np.empty(0), margin=0.5, level=0.05, divergence=Divergence(1, 0, 0, 1))
    assert (one.word, one.p) == ("", 1.0)


def test_survivors_do_not_speak_for_the_side_that_diverged() -> None:
    against = evidence(UP, margin=0.5, level=0.05, divergence=Divergence(2, 0, 0, 7))
    both = evidence(-UP, margin=0.5, level=0.05, divergence=Divergence(2, 0, 0, 7))
    small = evidence(UP, margin=2.0, level=0.05, divergence=Divergence(2, 0, 0, 7))

    assert against.word == ""
    assert both.word == "hurts"
    assert not small.equivalent
