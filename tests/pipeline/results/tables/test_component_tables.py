"""The statistics behind the verdicts, as strings, and the sentences on pairs."""

import pytest

from pipeline.results.answer import pair_sentences
from pipeline.results.tables import component_tables
from pipeline.results.tables.analyse import analyse
from pipeline.results.text.measure import measure_of

MEASURE = measure_of("test_accuracy")


def texts(results, tables, name):
    return getattr(component_tables, name)(results, tables).texts


def test_every_statistic_stands_with_its_interval_and_n(study, tables):
    shown, effects = texts(study, tables, "statistics"), tables["effects"]
    assert len(shown) == len(effects)
    for column in ("effect (pp)", "P(better) °", "d_z °"):
        assert shown[column].str.fullmatch(r"\S+ \[\S+, \S+\]").all(), column
    assert (shown["n"] == "5").all()


def test_lost_runs_stand_beside_n(study, tables):
    lost = {**tables, "effects": tables["effects"].assign(n_diverged=2)}
    for name in ("sides", "statistics", "shares"):
        assert set(texts(study, lost, name)["n"]) == {"5 (2 diverged)"}


def test_the_effect_stands_beside_what_the_component_does_alone_and_on_top(study, tables):
    shown = texts(study, tables, "shares")
    assert shown["share of variance °"].str.endswith(" %").all()
    assert not shown.isin(["–"]).any(axis=None)


def test_what_the_design_cannot_support_is_a_dash(study_of):
    study = study_of(("digits",), design="add_one_in", n_test=200)
    tables = analyse(study)
    shown = texts(study, tables, "shares")
    for column in ("on top of all others (pp) °", "Shapley share (pp) °", "share of variance °"):
        assert set(shown[column]) == {"–"}
    assert pair_sentences(tables["interactions"], MEASURE) == [
        "No two components were run with both, one and neither: pairs cannot be judged."
    ]
    assert len(pair_sentences(tables["interactions"].iloc[:0], MEASURE)) == 1


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("redundant", "Redundant pairs, each does less beside the other: digits "),
        ("synergistic", "Synergistic pairs, together better than the sum of both: digits "),
        ("antagonistic", "Antagonistic pairs, together worse than the sum of both: digits "),
    ],
)
def test_pairs_are_named_by_their_verdict(small_tables, word, words):
    pairs = small_tables["interactions"].assign(pair="inconclusive")
    pairs.loc[pairs.index[0], "pair"] = word
    said = pair_sentences(pairs, MEASURE)
    row = pairs.iloc[0]
    (named,) = [sentence for sentence in said if sentence.startswith(words)]
    assert f"{row['title_a']} with {row['title_b']} " in named
    assert sum("none shown" in sentence for sentence in said) == 2
    assert f"Of {len(pairs)} pairs 0 are additive" in said[-1]
    assert f"and {len(pairs) - 1} are inconclusive" in said[-1]
    assert f"Holm over all {len(pairs)} two-way interactions" in said[-1]
