"""The pieces of the page: drawn intervals, headline, matrix, caveats, method box, tables."""

import html
import re
from dataclasses import replace

import numpy as np
import pytest

from experiments.design.step_arms import CONTROL
from pipeline.results.report.method import method
from pipeline.results.report.overview import caveats, matrix
from pipeline.results.report.panel import STRIP, panels, strips
from pipeline.results.report.report import environment_rows, facts
from pipeline.results.tables.analyse import analyse
from pipeline.results.tables.component_tables import statistics
from tests.pipeline.conftest import without

NAN = np.nan


def test_intervals_of_a_table_share_one_strip():
    first, second, none = strips(np.array([[0.4, 0.3, 0.5], [-0.2, NAN, NAN], [NAN] * 3]), 0.1)
    assert none == {}
    zero, margin = first["zero"], first["margin_low"]
    assert zero == second["zero"]
    assert 0 < second["value"] < zero < first["low"] < first["value"] < first["high"] < STRIP
    assert second["low"] == second["high"] == second["value"]
    assert margin < zero < first["margin_high"]
    # Distances are in proportion: 0.2 pp is twice the margin.
    assert zero - second["value"] == pytest.approx(2 * (zero - margin), abs=0.2)


def boxes(study, tables):
    """Return the sentences of the method box by heading."""
    parts = re.split("<h3>(.*?)</h3>", html.unescape(method(study, tables)))
    return {head: re.findall("<li>(.*?)</li>", text)
            for head, text in zip(parts[1::2], parts[2::2], strict=True)}  # fmt: skip


def test_the_method_box_says_what_limits_the_claim(study, tables):
    box = boxes(study, tables)
    assert "Design: full" in box["Design"][0]
    assert "12 quasirandom trials over 4 powers of ten" in box["What was tuned"][0]
    assert "hidden 256-128" in box["What was held fixed, and so limits the claim"][0]
    assert box["Replicates and intervals"][0].startswith(
        "5 blocks. A block, one replicate of the cells"
    )
    assert any("MNIST" in s for s in box["What this study could have seen"])
    assert "placebo" in box["Placebo"][0]
    assert "±0.1 pp" in box["Verdicts"][0]


def test_a_partial_design_and_a_single_replicate_are_admitted(study_of):
    study = study_of(("digits",), design="add_one_in", replicates=1, n_test=200, tuning=False)
    tables = analyse(study)
    box = boxes(study, tables)
    assert "not the full factorial" in box["Design"][0]
    assert "No tuning ledger" in box["What was tuned"][0]
    assert "neither interval nor test" in box["Replicates and intervals"][-1]
    assert box["What this study could have seen"] == ["digits: too few replicates to say."]
    assert "Effects rest on 1 replicate: too few to be sure." in dict(caveats(study, tables))


def test_how_runtime_was_measured_is_said(study, tables):
    protocol, mnist, *_, runs = boxes(study, tables)["Runtime"]
    assert "5 fresh processes" in protocol
    assert mnist.startswith("MNIST: the A/A control ×1.001 [0.981, 1.021] covers 1.00, as it")
    assert "all components together cost ×1.62 [1.59, 1.65], against ×1.62 by the sum." in mnist
    assert "Runs shared cores on MNIST, Fashion-MNIST, digits" in runs


def test_a_failing_control_and_a_disturbed_row_are_not_hidden(study, tables):
    control = study.step_cost["component"] == CONTROL
    costs = study.step_cost.assign(
        disturbed=study.step_cost["component"] == "l2",
        wall_over_cpu=1.3,
        ci_low=study.step_cost["ci_low"].mask(control, 1.0005),
    )
    every = costs.assign(disturbed=True)
    line, other = (boxes(replace(study, step_cost=rows), tables)["Runtime"][1]
                   for rows in (costs, every))  # fmt: skip
    assert "times CPU time: all of them — run" in other
    assert "does not cover 1.00" in line
    assert "disturbed, wall time up to 1.30 times CPU time: L2" in line


def test_a_runtime_that_was_not_measured_is_said(study, tables):
    bare = without(replace(study, runs=study.runs.assign(shared_cores=False)), "step_cost")
    protocol, mnist, *_, runs = boxes(bare, tables)["Runtime"]
    assert "not measured separately" in protocol
    assert mnist == "MNIST: no step cost was measured."
    assert runs.endswith("No run shared a core with another.")


def test_the_headline_counts(study, tables):
    known = dict(facts(study, tables))
    assert known["runs finished"] == "495 of 495"
    assert known["cells"] == "32 per dataset"
    assert known["datasets"] == "MNIST, Fashion-MNIST, digits"


def test_datasets_that_repeat_differently_are_named_by_their_titles(study, tables):
    looks = {"mnist": (7,), "fashion_mnist": (7,), "digits": (5, 10)}
    several = replace(study, study=study.study.model_copy(update={"looks": looks}))
    words = "MNIST: 7 blocks; Fashion-MNIST: 7 blocks; digits: looks at 5 and 10 blocks"
    assert dict(facts(several, tables))["replicates"] == words
    box = boxes(several, tables)["Replicates and intervals"]
    assert box[0].startswith(f"{words}. A block")
    notes = statistics(several, tables).about
    assert "rests on the 90 % (at all looks together) interval" in notes


def test_the_environment_is_said_in_words(study):
    rows = environment_rows(study)
    assert ("NumPy", "2.4.6") in rows
    assert len(rows) == len(study.environment) == 8


def test_the_matrix_has_a_square_for_every_component_and_dataset(study, tables):
    rows = matrix(study, tables)
    assert [title for title, _ in rows] == tables["effects"]["title"].tolist()[:6]
    effects = tables["effects"].set_index(["title", "dataset"])
    for title, squares in rows:
        for name, square in zip(study.measured, squares, strict=True):
            row = effects.loc[(title, name)]
            assert square["verdict"] == row["verdict"]
            shown = float(square["effect"].replace("−", "-"))
            assert shown == pytest.approx(row["effect_pp"], abs=0.06)
            assert square["cost"] == f"×{row['step_ratio']:.2f}"
            assert square["anchor"].startswith(f"{name}-c")
    gone = {**tables, "effects": tables["effects"].query("dataset != 'mnist'")}
    assert {squares[0] for _, squares in matrix(study, gone)} == {None}


def test_what_conditions_the_answer_is_said_before_it(study, tables):
    assert caveats(study, tables) == []
    cells = tables["cells"].assign(verdict="helps")
    lost = {**tables, "cells": cells, "counts": tables["counts"].assign(missing=2)}
    costs = study.step_cost.assign(disturbed=True, ci_low=1.001)
    rates = study.tuning["learning_rate"]
    blocks = [study.tuning[name] for name in ("dataset", "arm", "replicate")]
    tuning = study.tuning.assign(chosen=rates == rates.groupby(blocks).transform("min"))
    gone = replace(study.cards["mnist"], available=False)
    worse = replace(study, step_cost=costs, tuning=tuning, cards={**study.cards, "mnist": gone})
    lines = "\n".join(text for text, _ in caveats(worse, lost))
    for words in (
        "MNIST is not part of this report",
        "no result: 6 missing",
        "placebo seems to act",
        "disturbed the timing on MNIST, Fashion-MNIST and digits",
        "A/A control misses 1.00",
        "in this share of blocks: learning rate of sgd on MNIST (100 %)",
    ):
        assert words in lines


def test_a_table_sorts_by_number_and_shows_text(study, tables):
    part = panels(study, tables, [], [])[0]
    names = [column.head for column in part["sides"]["columns"]]
    assert names[:3] == ["component", "verdict", "difference (pp)"]
    difference = part["sides"]["columns"][2]
    for row, strip in part["sides"]["rows"]:
        assert difference.value and strip
        assert abs(float(difference.key(row))) < 5
    name, _, difference, *_ = part["cells"]["columns"]
    (baseline,) = [row for row, _ in part["cells"]["rows"] if "(baseline)" in name.text(row)]
    assert difference.head == "difference (pp)"
    assert difference.key(baseline) == ""


def test_columns_that_nothing_is_known_of_are_left_out(small):
    bare = without(small, "step_cost")
    (part,) = panels(bare, analyse(bare), [], [])
    for table in (part["sides"], part["cells"]):
        assert "cost per step" not in [column.head for column in table["columns"]]
